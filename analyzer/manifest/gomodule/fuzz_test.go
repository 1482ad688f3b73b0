package gomodule_test

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

func FuzzGoMod(f *testing.F) {
	manifesttest.Fuzz(f, "go.mod", manifesttest.Files{"cmd/a/main.go": manifesttest.GoMain},
		"module example.org/a\n\ngo 1.26\n\nrequire github.com/aws/aws-lambda-go v1.50.0\n", "module \"a\n", "replace a => ../..\n")
}

func FuzzGoWork(f *testing.F) {
	manifesttest.Fuzz(f, "go.work", manifesttest.Files{"a/go.mod": "module a\n\nrequire github.com/aws/aws-lambda-go v1.50.0\n", "a/main.go": manifesttest.GoMain},
		"go 1.26\n\nuse ./a\n", "use (\n./a\n./a\n../..\n/\n)\n")
}
