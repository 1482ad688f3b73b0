package toolchain

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The toolchain gets only the environment variables that a build needs.
func TestEnvironment(t *testing.T) {
	hidden := map[string]string{
		"AWS_SECRET_ACCESS_KEY": "s3cret", "GOOS": "plan9", "CGO_ENABLED": "1", "GODEBUG": "netdns=cgo", "GOFLAGS": "-v",
	}
	for name, value := range hidden {
		t.Setenv(name, value)
	}
	t.Setenv("GOTOOLCHAIN", "go1.99.0")
	tools, err := Find(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range tools.env {
		if name, _, _ := strings.Cut(v, "="); hidden[name] != "" {
			t.Errorf("%s is passed on", name)
		}
	}
	if tools.GOFLAGS != "-v" || !slices.Contains(tools.env, "GOTOOLCHAIN=local") {
		t.Errorf("GOFLAGS %q, environment %q", tools.GOFLAGS, tools.env)
	}
}

// With a cold module cache the go command prints what it downloads before an error.
func TestProgressIsNotAMessage(t *testing.T) {
	tools := &Toolchain{command: "sh"}
	const script = `i=0; while [ $i -lt 200 ]; do echo "go: downloading example.com/m$i v1.0.0" >&2; i=$((i+1)); done
echo "go: example.com/m@v1.0.0: checksum mismatch" >&2; exit 1`
	text, err := tools.Run(t.Context(), t.TempDir(), nil, nil, "-c", script)
	if err == nil || text != "go: example.com/m@v1.0.0: checksum mismatch\n" {
		t.Errorf("%q, %v", text, err)
	}
}

// List returns what the packages of a pattern import, with the errors of those that
// cannot be loaded, and Closure what is linked into one of them.
func TestList(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":      "module example.com/a\n\ngo 1.24\n",
		"cmd/main.go": "package main\n\nimport \"example.com/a/b\"\n\nfunc main() { b.B() }\n",
		"b/b.go":      "package b\n\nfunc B() {}\n",
		"bad/bad.go":  "package main\n\nimport _ \"example.com/a/none\"\n\nfunc main() {}\n",
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tools, err := Find(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	packages, messages, err := tools.List(t.Context(), dir, []string{"GOWORK=off"}, []string{"-trimpath"}, []string{"./cmd", "./bad"})
	if err != nil || messages != "" {
		t.Fatal(messages, err)
	}
	byPath := map[string]*Package{}
	for _, p := range packages {
		byPath[p.ImportPath] = p
	}
	main, bad := byPath["example.com/a/cmd"], byPath["example.com/a/none"]
	if bad == nil || bad.Error == nil || !strings.Contains(bad.Error.Err, "example.com/a/none") {
		t.Errorf("the missing package is %+v", bad)
	}
	var names []string
	for _, p := range Closure(main, byPath)[:3] {
		names = append(names, p.ImportPath)
	}
	if !slices.Equal(names, []string{"example.com/a/cmd", "example.com/a/b", "runtime"}) || main.SourceBytes() == 0 {
		t.Errorf("the program begins with %v", names)
	}
}
