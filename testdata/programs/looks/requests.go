package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"
)

var shared = &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: false}} // silent: keep-alive-off client-in-handler

func send(ctx context.Context, name string) error {
	if err := count(name); err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://example.com/"+name, nil)
	if err != nil {
		return err
	}
	answer, err := shared.Do(request) // silent: body-not-closed body-not-read
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	return json.NewDecoder(answer.Body).Decode(&struct{}{})
}

func count(name string) error {
	found, err := http.Head("https://example.com/" + name) // silent: body-not-read
	if err != nil {
		return err
	}
	found.Body.Close()
	seen, err := http.Get("https://example.com/seen") // advice: body-not-read
	if err != nil {
		return err
	}
	seen.Body.Close()
	open, err := get("https://example.com/open") // silent: body-not-closed
	if err != nil {
		return err
	}
	defer open.Close()
	drained, err := http.Get("https://example.com/drained") // silent: body-not-closed body-not-read
	if err != nil {
		return err
	}
	discard(drained)
	return nil
}

func get(url string) (io.ReadCloser, error) {
	answer, err := http.Get(url) // silent: body-not-closed body-not-read
	if err != nil {
		return nil, err
	}
	return answer.Body, nil
}

func discard(answer *http.Response) {
	io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
}
