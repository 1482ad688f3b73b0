// Command sweep is one of the shop's two Go functions.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
)

type answer struct {
	From string `json:"from"`
	Word string `json:"word"`
}

func handle(_ context.Context, event struct{ Word string }) (answer, error) {
	return answer{From: "sweep", Word: event.Word}, nil
}

func main() { lambda.Start(handle) }
