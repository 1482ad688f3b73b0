// Command statements answers questions about a customer's account from
// PostgreSQL. The statement's text depends on what is asked, so it is a
// template; its values are always parameters.
package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

var statement = template.Must(template.New("statement").Parse(
	`select booked_on, text, cents from bookings where account = {{.Value .Account}}
{{- if not .From.IsZero}} and booked_on >= {{.Value .From}}{{end}}
{{- with .Words}} and text = any({{$.Value .}}){{end}}
 order by booked_on{{if .Newest}} desc{{end}} limit {{.Limit}}`))

// query is a statement while it is composed: each value that the template
// names becomes the next parameter.
type query struct {
	question
	values []any
}

func (q *query) Value(v any) string {
	q.values = append(q.values, v)
	return "$" + strconv.Itoa(len(q.values))
}

type question struct {
	Account string    `json:"account"`
	From    time.Time `json:"from"`
	Words   []string  `json:"words"`
	Newest  bool      `json:"newest"`
	Limit   int       `json:"limit"`
	// Explain returns the statement and its encoded values, and asks no database.
	Explain bool `json:"explain"`
}

type answer struct {
	SQL    string    `json:"sql,omitempty"`
	Values []string  `json:"values,omitempty"`
	Rows   []booking `json:"rows,omitempty"`
}

type booking struct {
	On    time.Time `json:"on"`
	Text  string    `json:"text"`
	Cents int64     `json:"cents"`
}

// connect opens the one connection that a Lambda instance needs, when first asked.
var connect = sync.OnceValues(func() (*pgx.Conn, error) {
	settings, err := pgx.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		return nil, fmt.Errorf("reading DATABASE_URL: %w", err)
	}
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	return pgx.ConnectConfig(ctx, settings)
})

func handle(ctx context.Context, q question) (answer, error) {
	if q.Account == "" {
		return answer{}, errors.New("a statement needs an account")
	}
	q.Limit = min(max(q.Limit, 1), 500)
	var sql strings.Builder
	composed := query{question: q}
	if err := statement.Execute(&sql, &composed); err != nil {
		return answer{}, fmt.Errorf("composing the statement: %w", err)
	}
	if q.Explain {
		values, err := encoded(composed.values)
		return answer{SQL: sql.String(), Values: values}, err
	}
	db, err := connect()
	if err != nil {
		return answer{}, err
	}
	rows, err := db.Query(ctx, sql.String(), composed.values...)
	if err != nil {
		return answer{}, fmt.Errorf("asking the database: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[booking])
	return answer{Rows: found}, err
}

// encoded gives the values as they go over the wire, in hex.
func encoded(values []any) ([]string, error) {
	wire := pgtype.NewMap()
	var out []string
	for _, v := range values {
		kind, ok := wire.TypeForValue(v)
		if !ok {
			return nil, fmt.Errorf("no PostgreSQL type for %T", v)
		}
		b, err := wire.Encode(kind.OID, pgtype.BinaryFormatCode, v, nil)
		if err != nil {
			return nil, fmt.Errorf("encoding %v: %w", v, err)
		}
		out = append(out, kind.Name+" "+hex.EncodeToString(b))
	}
	return out, nil
}

func main() { lambda.Start(handle) }
