// Command clients makes its AWS clients where it should not, and once where it should.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

type app struct{ db *dynamodb.Client }

func (a app) handle(ctx context.Context, name string) (int, error) {
	tables, err := a.db.ListTables(ctx, &dynamodb.ListTablesInput{ExclusiveStartTableName: aws.String(name)})
	if err != nil {
		return 0, err
	}
	more, err := list(ctx)
	return len(tables.TableNames) + more, err
}

func list(ctx context.Context) (int, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return 0, err
	}
	db := dynamodb.NewFromConfig(cfg)
	tables, err := db.ListTables(ctx, nil)
	if err != nil {
		return 0, err
	}
	return len(tables.TableNames), nil
}

func main() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		panic(err)
	}
	lambda.Start(app{dynamodb.NewFromConfig(cfg)}.handle)
}
