// Command grpc asks a health service over gRPC.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

func main() {
	conn, err := grpc.NewClient(os.Getenv("BACKEND"), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		panic(err)
	}
	client := healthpb.NewHealthClient(conn)
	lambda.Start(func(ctx context.Context) (string, error) {
		r, err := client.Check(ctx, &healthpb.HealthCheckRequest{})
		if err != nil {
			return "", err
		}
		return r.Status.String(), nil
	})
}
