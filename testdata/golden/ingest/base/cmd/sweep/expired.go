package main

import (
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// expired returns the carts last touched before the limit, as people sort them.
func expired(carts map[string]time.Time, limit time.Time) []string {
	out := []string{}
	for id, touched := range carts {
		if touched.Before(limit) {
			out = append(out, id)
		}
	}
	collate.New(language.German).SortStrings(out)
	return out
}
