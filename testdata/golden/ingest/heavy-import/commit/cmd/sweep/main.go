// Command sweep runs on a schedule and says which carts to forget.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"example.com/acme/ingest/internal/outcome"
)

const keep = 30 * 24 * time.Hour

type plan struct {
	Before  time.Time `json:"before"`
	Shards  int       `json:"shards"`
	Expired []string  `json:"expired"`
}

// detail is what the schedule is set up to send along.
type detail struct {
	Carts map[string]time.Time `json:"carts"`
}

type sweeper struct{ shards int }

// Invoke makes a sweeper a lambda.Handler: no reflection over its signature.
func (s sweeper) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	var e events.CloudWatchEvent
	if err := json.Unmarshal(payload, &e); err != nil {
		return nil, outcome.Missing("event")
	}
	var d detail
	if err := json.Unmarshal(e.Detail, &d); err != nil {
		return nil, fmt.Errorf("reading the schedule's detail: %w", err)
	}
	p := plan{Before: e.Time.Add(-keep), Shards: s.shards, Expired: expired(d.Carts, e.Time.Add(-keep))}
	return json.Marshal(p)
}

func main() { lambda.StartHandler(sweeper{shards: 4}) }
