// Command intake reads orders from a queue. A message that makes no sense is
// reported back by itself, so that its neighbours are not delivered again.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

var sku = regexp.MustCompile(`^[a-z]{3}-[0-9]{2}$`)

type message struct {
	ID    string `json:"id"`
	SKU   string `json:"sku"`
	Count int    `json:"count"`
}

func (m message) check() error {
	switch {
	case m.ID == "":
		return errors.New("no order id")
	case !sku.MatchString(m.SKU):
		return fmt.Errorf("malformed SKU %q", m.SKU)
	case m.Count < 1:
		return fmt.Errorf("%d pieces ordered", m.Count)
	}
	return nil
}

func main() {
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	lambda.Start(func(ctx context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
		var out events.SQSEventResponse
		for _, r := range e.Records {
			var m message
			err := json.Unmarshal([]byte(r.Body), &m)
			if err == nil {
				err = m.check()
			}
			if err != nil {
				log.WarnContext(ctx, "message refused", "id", r.MessageId, "reason", err)
				out.BatchItemFailures = append(out.BatchItemFailures,
					events.SQSBatchItemFailure{ItemIdentifier: r.MessageId})
			}
		}
		return out, nil
	})
}
