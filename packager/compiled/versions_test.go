package compiled

import (
	"bytes"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/boot"
)

// Code for several Nodes lies side by side, and each takes its own. One that is missing,
// or another's in its place, is as good as none.
func TestCompiledVersions(t *testing.T) {
	needLong(t)
	t.Parallel()
	f := function("f", "nodejs24.x")
	f.Build.CodeCacheVersions = []string{"newest", "24.20.0", "22.23.2", "24.20.0"}
	program := "exports.answer = [1, 2, 3].map((x) => x * 2).join();\nexports.handler = async () => process.version;\n"
	b := add(t, bundle(f, program, nil))
	again := add(t, bundle(f, program, nil))
	files := map[string][]byte{}
	for i, file := range b.Files {
		files[filepath.Base(file.Name)] = file.Content
		if !bytes.Equal(file.Content, again.Files[i].Content) {
			t.Errorf("%s differs", file.Name)
		}
	}
	newest, older := files["main.cache"], files["main.v24.20.0.cache"]
	if len(files) != 4 || bytes.Equal(newest, older) {
		t.Fatalf("%v", slices.Sorted(maps.Keys(files)))
	}
	if d := b.Diagnostics[len(b.Diagnostics)-1]; !strings.Contains(d.Message, "fits Node 24.21.0 and 24.20.0 on ") ||
		!strings.Contains(d.Message, "last seen with at most 24.20.0 (2026-09-16)") {
		t.Error(d)
	}
	node := func(version string) string {
		c, err := boot.FindCompiler(t.Context(), f, version, boot.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return c.Path()
	}
	type state struct {
		name, node    string
		newest, older []byte // nil: there is no such file
		reason        string
	}
	states := []state{
		{"the newest", node(""), newest, older, ""},
		{"the older", node("24.20.0"), newest, older, ""},
		{"the other one is missing", node("24.20.0"), nil, older, ""},
		{"its own is missing", node("24.20.0"), newest, nil, "it cannot be read"},
		{"swapped", node(""), older, newest, "its digest is wrong"},
		{"swapped, the older", node("24.20.0"), older, newest, "its digest is wrong"},
		{"neither", compiler(t, "nodejs22.x").Path(), newest, older, "another Node"},
	}
	arch := compiler(t, "nodejs24.x").Arch
	built := "v24.21.0 " + arch + ", v24.20.0 " + arch
	for _, s := range states {
		content := maps.Clone(files)
		content["main.cache"], content["main.v24.20.0.cache"] = s.newest, s.older
		line := start(t, s.name, s.node, nil, content)
		if line.Reason != s.reason || s.reason != "" && line.BuiltFor != built {
			t.Errorf("%s logged %+v, want the reason %q", s.name, line, s.reason)
		}
	}
	artifact, err := packager.Pack(t.Context(), b, t.TempDir(), packager.Options{})
	if err != nil {
		t.Fatal(err)
	}
	// --boot-node names a version of the same table.
	for version, want := range map[string]string{"24.20.0": "24.20.0", "22.23.2": "24.21.0", "24.1.0": ""} {
		r := boot.Check(t.Context(), artifact.Path, b.Function, boot.Options{Event: []byte("{}"), Node: version, Timeout: 2 * time.Minute})
		if r.Node != want || strings.Contains(r.Logs, "not used") || (r.Status == boot.Answers) != (want != "") {
			t.Errorf("--boot-node %s: %+v", version, r)
		}
	}
	f.Build.CodeCacheVersions = []string{"24.1.0"}
	unknown := bundle(f, program, nil)
	Add(t.Context(), &unknown, nil, boot.Options{})
	if !unknown.Failed() || !strings.Contains(unknown.Diagnostics[0].Message, "no Node 24.1.0 for ") {
		t.Error(unknown.Diagnostics)
	}
}

// Nodes whose V8 compiles to the same code share a file.
func TestCompiledShared(t *testing.T) {
	needLong(t)
	t.Parallel()
	f := function("f", "nodejs22.x")
	f.Build.CodeCacheVersions = []string{"22.23.2", "newest"}
	b := add(t, bundle(f, "exports.answer = [1, 2, 3].map((x) => x * 2).join();\n", nil))
	if len(b.Files) != 3 {
		t.Fatalf("%d files", len(b.Files))
	}
	files := map[string][]byte{}
	for _, file := range b.Files {
		files[filepath.Base(file.Name)] = file.Content
	}
	for _, version := range f.Build.CodeCacheVersions {
		c, err := boot.FindCompiler(t.Context(), f, strings.TrimPrefix(version, "newest"), boot.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if line := start(t, version, c.Path(), nil, files); line.Reason != "" {
			t.Errorf("%s logged %+v", version, line)
		}
	}
}
