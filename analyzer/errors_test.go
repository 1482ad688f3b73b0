package analyzer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"testing"
)

func TestWithoutPath(t *testing.T) {
	cause := errors.New("no space left")
	for name, err := range map[string]error{
		"a path":   fmt.Errorf("writing: %w", &fs.PathError{Op: "write", Path: "/home/ann/x", Err: cause}),
		"a link":   &os.LinkError{Op: "rename", Old: "/home/ann/x", New: "/home/ann/y", Err: cause},
		"a call":   os.NewSyscallError("write", cause),
		"neither":  cause,
		"a folder": &fs.PathError{Op: "mkdir", Path: "/home/ann", Err: cause},
	} {
		if got := WithoutPath(err); got.Error() != "no space left" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestDiagnosticsOf(t *testing.T) {
	known := Diagnostic{Code: "too-large", Severity: Refused, Message: "is too large", Hint: "make it smaller"}
	got := DiagnosticsOf(errors.Join(known, fmt.Errorf("packing: %w", known), errors.New("no space left")), "pack", "orders")
	known.Function = "orders"
	want := []Diagnostic{known, known, {Code: "pack", Severity: Error, Message: "no space left", Function: "orders"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
