// Command health answers the load balancer: the smallest function there is.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"example.com/acme/ingest/internal/outcome"
)

// version is set by the linker: -X main.version=1.4.0.
var version = "dev"

type status struct {
	Service string `json:"service"`
	Version string `json:"version"`
	OK      bool   `json:"ok"`
}

func handle(context.Context) (status, error) {
	return status{Service: "ingest", Version: version + " " + outcome.Of(nil), OK: true}, nil
}

func main() { lambda.Start(handle) }
