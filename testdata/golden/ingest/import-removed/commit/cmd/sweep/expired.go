package main

import (
	"slices"
	"time"
)

// expired returns the carts last touched before the limit, sorted.
func expired(carts map[string]time.Time, limit time.Time) []string {
	out := []string{}
	for id, touched := range carts {
		if touched.Before(limit) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}
