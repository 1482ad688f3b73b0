// Command looks has what the advice about source is about, and what only looks like it. A
// comment names the advice that a line deserves, or that it only seems to deserve.
package main

import (
	"context"
	"database/sql"
	_ "embed" // silent: blank-import
	"image"
	_ "image/png" // silent: blank-import
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	_ "github.com/jackc/pgx/v5/stdlib" // silent: blank-import

	"example.com/programs/looks/icons"
	_ "example.com/programs/looks/one" // silent: blank-import
	"example.com/programs/looks/pages"
	"example.com/programs/looks/store"
	"example.com/programs/looks/tables"
	"example.com/programs/looks/texts"
)

//go:embed main.go
var text string // silent: embedded-not-read

func handle(ctx context.Context, name string) (int, error) {
	db, err := sql.Open("pgx", os.Getenv("DATABASE")) // advice: client-in-handler
	if err != nil {
		return 0, err
	}
	defer db.Close()
	picture, _, err := image.Decode(os.Stdin)
	if err != nil {
		return 0, err
	}
	notes, err := texts.Files.ReadFile("notes.txt")
	if err != nil {
		return len(notes), err
	}
	return picture.Bounds().Dx() + len(text) + len(pages.Index(name)) + len(icons.Of(name)) + tables.Find(name) + len(store.Page(name)), send(ctx, name)
}

func main() { lambda.Start(handle) }
