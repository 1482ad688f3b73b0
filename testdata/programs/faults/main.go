// Command faults does what a function should not.
package main

import (
	"context"
	"embed"
	"io"
	"net/http"
	_ "net/http/pprof" // advice: blank-import
	"regexp"
	_ "time/tzdata" // advice: blank-import

	"github.com/aws/aws-lambda-go/lambda"
)

//go:embed pages
var pages embed.FS // advice: embedded-not-read

var (
	word  = regexp.MustCompile(`^\w+$`) // advice: init-work
	lazy  = func() *regexp.Regexp { return regexp.MustCompile("a") }
	plain = "nothing to do"
)

var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // advice: keep-alive-off

type app struct{}

func (app) handle(ctx context.Context, name string) (string, error) {
	if !word.MatchString(name) && !lazy().MatchString(name) {
		return plain, nil
	}
	return list(ctx)
}

func list(ctx context.Context) (string, error) {
	open, err := http.Get("https://example.com/a") // advice: body-not-closed
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(open.Body)
	if err != nil {
		return "", err
	}
	closed, err := http.Get("https://example.com/b") // advice: body-not-read
	if err != nil {
		return "", err
	}
	defer closed.Body.Close()
	page, err := pages.ReadFile("pages/used.txt")
	if err != nil {
		return "", err
	}
	return string(text) + string(page), ask(ctx)
}

func ask(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://example.com/c", nil)
	if err != nil {
		return err
	}
	own := &http.Client{Transport: &http.Transport{MaxIdleConns: 1}} // advice: client-in-handler
	unclosed, err := own.Do(request)                                 // advice: body-not-closed
	if err != nil || unclosed.StatusCode != http.StatusOK {
		return err
	}
	cloned := http.DefaultTransport.(*http.Transport).Clone() // advice: client-in-handler
	whole, err := (&http.Client{Transport: cloned}).Do(request)
	if err != nil {
		return err
	}
	defer whole.Body.Close()
	_, err = io.Copy(io.Discard, whole.Body)
	return err
}

func main() {
	_ = client
	lambda.Start(app{}.handle)
}
