// Command quotes prices a basket by asking the pricing service over gRPC.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/acme/ingest/internal/pricing"
	"example.com/acme/ingest/internal/stock"
)

type basket struct {
	Lines []struct {
		SKU   string `json:"sku"`
		Count int    `json:"count"`
	} `json:"lines"`
}

type quote struct {
	Cents   int      `json:"cents"`
	Unknown []string `json:"unknown,omitempty"`
}

func client() (*pricing.Client, error) {
	if target := os.Getenv("PRICING_TARGET"); target != "" {
		return pricing.Dial(target)
	}
	products, err := stock.All()
	if err != nil {
		return nil, err
	}
	cents := map[string]int{}
	for _, p := range products {
		cents[p.SKU] = p.Cents
	}
	return pricing.InProcess(cents)
}

func main() {
	service, err := client()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	lambda.Start(func(ctx context.Context, b basket) (quote, error) {
		var q quote
		for _, l := range b.Lines {
			cents, err := service.Quote(ctx, l.SKU, l.Count)
			switch status.Code(err) {
			case codes.OK:
				q.Cents += cents
			case codes.NotFound:
				q.Unknown = append(q.Unknown, l.SKU)
			default:
				return quote{}, fmt.Errorf("pricing %s: %w", l.SKU, err)
			}
		}
		return q, nil
	})
}
