package golang

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/lint"
)

func TestMeasure(t *testing.T) {
	const heavy = "package main\n\nimport \"encoding/json\"\n\nfunc init() { json.Marshal(main) }\n"
	p := shop(t, map[string]string{
		"cmd/a/main.go":  loop,
		"cmd/a/heavy.go": "//go:build !light\n\n" + heavy,
		"cmd/a/other.go": heavy,
	})
	f := function("a", "cmd/a")
	o := Builder{CacheDir: t.TempDir()}
	sizeWith := func(changes ...lint.Change) Weight {
		t.Helper()
		w, err := o.Measure(t.Context(), p, f, nil, changes...)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	tag := lint.Change{Tags: []string{"light"}}
	edit := lint.Change{Overlay: map[string][]byte{"cmd/a/other.go": []byte("package main\n")}}
	plain, one, other, both := sizeWith(), sizeWith(tag), sizeWith(edit), sizeWith(tag, edit)
	// The two changes mask each other: either alone saves almost nothing.
	if plain.Program-one.Program > 4096 || plain.Program-other.Program > 4096 {
		t.Errorf("alone they save %d and %d", plain.Program-one.Program, plain.Program-other.Program)
	}
	if plain.Program-both.Program < 300_000 || plain.Zip-both.Zip < 100_000 {
		t.Errorf("together they save %d, %d zipped", plain.Program-both.Program, plain.Zip-both.Zip)
	}

	// The last change of a file applies, even if changes of other files follow.
	broken := lint.Change{Overlay: map[string][]byte{"cmd/a/other.go": []byte("package main\n\nvar x int = y\n")}}
	more := lint.Change{Overlay: map[string][]byte{"cmd/a/more.go": []byte("package main\n\nfunc init() { println(1) }\n")}}
	if last := sizeWith(tag, broken, edit, more); last.Program < both.Program || last.Program > both.Program+4096 {
		t.Errorf("with a file changed twice the size is %d, not %d", last.Program, both.Program)
	}

	if text, err := os.ReadFile(filepath.Join(p.Root, "cmd/a/other.go")); err != nil || string(text) != heavy {
		t.Error("the trial changed the project")
	}
	if left, _ := filepath.Glob(filepath.Join(o.CacheDir, "*")); len(left) != 0 {
		t.Errorf("the trial left %q", left)
	}

	for _, c := range []struct {
		name   string
		change lint.Change
		code   string
		at     string
	}{
		{"does not compile", lint.Change{Overlay: map[string][]byte{"cmd/a/other.go": []byte("package main\n\nvar x int = y\n")}}, "go-compile", "cmd/a/other.go:3:13"},
		{"breaks the standard library", lint.Change{Overlay: map[string][]byte{"$GOROOT/src/encoding/json/tags.go": []byte("package json\n\nvar x int = y\n")}}, "go-compile", ""},
		{"leaves the standard library", lint.Change{Overlay: map[string][]byte{"$GOROOT/../x.go": nil}}, "outside-root", ""},
		{"leaves the root", lint.Change{Overlay: map[string][]byte{"../x.go": nil}}, "outside-root", ""},
		{"is no source", lint.Change{Overlay: map[string][]byte{"cmd/a/x.json": nil}}, "outside-root", ""},
		{"is no tag", lint.Change{Tags: []string{"-toolexec=x"}}, "build-tag", ""},
	} {
		_, err := o.Measure(t.Context(), p, f, nil, c.change)
		var d analyzer.Diagnostic
		if !errors.As(err, &d) || d.Code != c.code || d.Position.String() != c.at {
			t.Errorf("a change that %s gives %v", c.name, err)
		}
	}
}
