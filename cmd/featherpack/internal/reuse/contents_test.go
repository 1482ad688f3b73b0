package reuse

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

// What waits for the end of a run holds no contents: those of 2,000 functions were more than 1 GiB.
func TestKeptFunctionsHoldNoContents(t *testing.T) {
	r := &Run{project: analyzer.Project{Root: t.TempDir()}}
	code, notices := []packager.File{{Name: "index.js", Content: []byte("code")}}, []packager.File{{Name: "f.licenses.txt", Content: []byte("MIT")}}
	r.Keep(reporters.Built{
		Bundle: packager.Bundle{
			ID: "f", Function: analyzer.Function{ID: "f", Family: analyzer.Node}, Reads: &packager.Reads{},
			Files: code, Beside: notices, Hold: func() func() { return func() {} },
		},
		Artifact: &packager.Artifact{Name: "f.zip"},
	}, code, notices)
	if len(r.kept) != 1 || len(r.kept[0].beside) != 1 {
		t.Fatalf("kept are %+v", r.kept)
	}
	if b := r.kept[0].built.Bundle; b.Files != nil || b.Beside != nil || b.Hold != nil {
		t.Errorf("a bundle that waits has %d files, %d beside it, held: %v", len(b.Files), len(b.Beside), b.Hold != nil)
	}
}
