// Command pgx renders rows of a PostgreSQL table with a template.
package main

import (
	"context"
	_ "embed"
	"os"
	"strings"
	"text/template"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/jackc/pgx/v5"
)

//go:embed page.txt
var page string

var tmpl = template.Must(template.New("page").Parse(page))

type row struct {
	ID   int64
	Name string
}

func handle(ctx context.Context) (string, error) {
	conn, err := pgx.Connect(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, "select id, name from item order by id limit 50")
	if err != nil {
		return "", err
	}
	items, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = tmpl.Execute(&b, items)
	return b.String(), err
}

func main() { lambda.Start(handle) }
