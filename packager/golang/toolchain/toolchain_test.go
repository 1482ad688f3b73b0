package toolchain

import (
	"os"
	"path/filepath"
	"runtime"
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
	tools, err := Find(t.Context(), t.TempDir(), "")
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
	tools, err := Find(t.Context(), dir, "")
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

// Others finds the toolchains of PATH, of golang.org/dl and of the module cache by the files
// that releases have, and passes over what is none.
func TestOthers(t *testing.T) {
	home, cache := t.TempDir(), t.TempDir()
	own := "golang.org/toolchain@v0.0.1-go1.25.1." + runtime.GOOS + "-" + runtime.GOARCH
	for root, text := range map[string]string{
		filepath.Join(home, "sdk", "go1.24.9"):                                      "go1.24.9\ntime 2026-01-01T00:00:00Z\n",
		filepath.Join(home, "sdk", "go1.23.1"):                                      "go1.23.1 X:nodwarf5\n",
		filepath.Join(home, "sdk", "go1.18.1"):                                      "go1.18.1", // too old
		filepath.Join(home, "sdk", "gotip"):                                         "",         // not a release
		filepath.Join(home, "path"):                                                 "go1.27rc1",
		filepath.Join(home, "twice"):                                                "go1.24.9",
		filepath.Join(home, "same"):                                                 "go1.26.8",
		filepath.Join(cache, filepath.FromSlash(own)):                               "go1.25.1",
		filepath.Join(cache, "golang.org", "toolchain@v0.0.1-go1.25.2.plan9-arm64"): "go1.25.2",
	} {
		if err := os.MkdirAll(filepath.Join(root, "bin"), 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"bin/" + goCommand: "", "VERSION": text} {
			if name == "VERSION" && text == "" {
				continue
			}
			if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	bin := filepath.Join(home, "links")
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(home, "path", "bin", goCommand), filepath.Join(bin, goCommand)); err != nil {
		t.Skip(err)
	}
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	t.Setenv("PATH", strings.Join([]string{"", bin, filepath.Join(home, "twice", "bin"), filepath.Join(home, "same", "bin")}, string(os.PathListSeparator)))
	var got []string
	for _, o := range (&Toolchain{Version: "go1.26.8", ModCache: cache}).Others() {
		if strings.HasPrefix(o.Command, home) || strings.HasPrefix(o.Command, cache) { // not this machine's
			rel, _ := filepath.Rel(home, o.Command)
			got = append(got, o.Version+" "+strings.ReplaceAll(strings.TrimPrefix(filepath.ToSlash(rel), "../"), ".exe", ""))
		}
	}
	want := []string{
		"go1.27rc1 links/go", "go1.25.1 " + filepath.Base(cache) + "/" + own + "/bin/go", "go1.24.9 twice/bin/go", "go1.23.1 sdk/go1.23.1/bin/go",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}
