// Command receipts records an order's lines in DynamoDB and hands out a link to
// the printed receipt, which the printing service puts into S3.
package main

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

const (
	linkLifetime = 15 * time.Minute
	mostLines    = 25 // that DynamoDB takes in one batch
)

type order struct {
	ID       string `json:"id"`
	Customer string `json:"customer"`
	Lines    []line `json:"lines"`
	// Plan asks what would be written, and writes nothing.
	Plan bool `json:"plan"`
}

type line struct {
	SKU   string `json:"sku"`
	Count int    `json:"count"`
	Cents int    `json:"cents"`
}

type receipt struct {
	Table  string `json:"table"`
	Key    string `json:"key"`
	Cents  int    `json:"cents"`
	Writes int    `json:"writes"`
	// Link is signed, and so left out of a plan, which only says where it leads.
	Link    string `json:"link,omitempty"`
	Leads   string `json:"leads"`
	Seconds string `json:"seconds"`
}

type store struct {
	table, bucket string
	dynamo        *dynamodb.Client
	links         *s3.PresignClient
}

func newStore(ctx context.Context) (*store, error) {
	settings, err := config.LoadDefaultConfig(ctx,
		config.WithRegion(cmp.Or(os.Getenv("RECEIPTS_REGION"), "eu-west-1")))
	if err != nil {
		return nil, fmt.Errorf("loading the AWS settings: %w", err)
	}
	return &store{
		table:  cmp.Or(os.Getenv("RECEIPTS_TABLE"), "receipts"),
		bucket: cmp.Or(os.Getenv("RECEIPTS_BUCKET"), "acme-receipts"),
		dynamo: dynamodb.NewFromConfig(settings),
		links:  s3.NewPresignClient(s3.NewFromConfig(settings), s3.WithPresignExpires(linkLifetime)),
	}, nil
}

func (s *store) handle(ctx context.Context, o order) (receipt, error) {
	if o.ID == "" || len(o.Lines) == 0 || len(o.Lines) > mostLines {
		return receipt{}, fmt.Errorf("an order needs an id and 1 to %d lines", mostLines)
	}
	out := receipt{Table: s.table, Key: "receipts/" + o.ID + ".json"}
	items := make([]types.WriteRequest, 0, len(o.Lines))
	for i, l := range o.Lines {
		out.Cents += l.Count * l.Cents
		items = append(items, types.WriteRequest{PutRequest: &types.PutRequest{Item: item(o, i, l)}})
	}
	out.Writes = len(items)

	signed, err := s.links.PresignGetObject(ctx, &s3.GetObjectInput{
		Bucket: aws.String(s.bucket), Key: aws.String(out.Key),
	})
	if err != nil {
		return receipt{}, fmt.Errorf("signing the link: %w", err)
	}
	at, err := url.Parse(signed.URL)
	if err != nil {
		return receipt{}, fmt.Errorf("reading the signed link: %w", err)
	}
	out.Leads, out.Seconds = at.Host+at.Path, at.Query().Get("X-Amz-Expires")
	if o.Plan {
		return out, nil
	}
	out.Link = signed.URL

	written, err := s.dynamo.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
		RequestItems: map[string][]types.WriteRequest{s.table: items},
	})
	if err != nil {
		return receipt{}, fmt.Errorf("writing order %s: %w", o.ID, err)
	}
	if left := len(written.UnprocessedItems[s.table]); left > 0 {
		return receipt{}, fmt.Errorf("writing order %s: the table took %d of %d lines", o.ID, len(items)-left, len(items))
	}
	return out, nil
}

func item(o order, i int, l line) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		"pk":    &types.AttributeValueMemberS{Value: "order#" + o.ID},
		"sk":    &types.AttributeValueMemberS{Value: fmt.Sprintf("line#%04d", i)},
		"who":   &types.AttributeValueMemberS{Value: o.Customer},
		"sku":   &types.AttributeValueMemberS{Value: l.SKU},
		"count": &types.AttributeValueMemberN{Value: strconv.Itoa(l.Count)},
		"cents": &types.AttributeValueMemberN{Value: strconv.Itoa(l.Cents)},
	}
}

func main() {
	s, err := newStore(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	lambda.Start(s.handle)
}
