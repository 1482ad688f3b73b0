package main

import (
	"path/filepath"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

func TestBootable(t *testing.T) {
	p := analyzer.Project{Functions: []analyzer.Function{
		{ID: "list", Name: "list"}, {ID: "svc/orders/list", Name: "list"}, {ID: "svc/refund", Name: "refund"},
	}}
	for _, test := range []struct {
		word, zip string
		at        int
	}{
		{"list", "out/list.zip", 0},
		{"svc/orders/list", "out/svc/orders/list.zip", 1},
		{"refund", "out/svc/refund.zip", 2},
		{"none", "out/none.zip", -1},
		{"out/list.zip", "out/list.zip", 0},
		{"out/svc/orders/list.zip", "out/svc/orders/list.zip", 1},
		{"refund.zip", "refund.zip", 2},
		{"x/none.zip", "x/none.zip", -1},
	} {
		at, zip, err := bootable(p, test.word, "out")
		if at != test.at || filepath.ToSlash(zip) != test.zip || err != nil {
			t.Errorf("%s: %d, %s, %v, want %d, %s", test.word, at, zip, err, test.at, test.zip)
		}
	}
}
