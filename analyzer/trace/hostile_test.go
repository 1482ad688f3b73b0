package trace

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// sized is a file system whose files say that they have a gigabyte.
type sized struct{ fstest.MapFS }

func (s sized) Stat(name string) (fs.FileInfo, error) {
	st, err := s.MapFS.Stat(name)
	return gigabyte{st}, err
}

type gigabyte struct{ fs.FileInfo }

func (gigabyte) Size() int64 { return 1 << 30 }

func TestPatternsAreBounded(t *testing.T) {
	m := onLinux("src/h.js", "exports.f = n => require('fs').readFileSync(__dirname + '/d/' + n)")
	many := fstest.MapFS{}
	for i := range maxPatternFiles + 1 {
		many[fmt.Sprintf("src/d/%d", i)] = &fstest.MapFile{}
	}
	for name, files := range map[string]fs.FS{"files": many, "bytes": sized{project("src/d/a")}} {
		r, err := Trace(m, files, nil)
		if err != nil || len(r.Assets) != 0 || len(r.Uncertain) != 1 ||
			r.Uncertain[0].Reason != "it may mean more than can be shipped" || r.Uncertain[0].Dir != "src/d" {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// More modules than can be bundled are reported, and that is an error in the
// project's own code.
func TestCandidatesAreBounded(t *testing.T) {
	many := fstest.MapFS{}
	for i := range maxCandidates + 1 {
		many[fmt.Sprintf("src/d/m%d.js", i)] = &fstest.MapFile{}
	}
	r, err := Trace(onLinux("src/h.js", "exports.f = n => require('./d/' + n)"), many, nil)
	if err != nil || len(r.Modules) != 0 || len(r.Uncertain) != 1 || !r.Uncertain[0].TooMuch || !r.Uncertain[0].Module {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestLinksDoNotLeadOutOfTheRoot(t *testing.T) {
	outside, inside := t.TempDir(), t.TempDir()
	contents := map[string]string{outside + "/secret": "s", inside + "/src/d/a": "a", inside + "/src/e/x": "x"}
	for name, content := range contents {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for from, to := range map[string]string{
		"src/d/secret": outside + "/secret", "src/d/all": outside, "src/d/circle": "../../src",
		"src/d/b": "a", "src/d/e": "../e", "src/e/d": "../d",
	} {
		if err := os.Symlink(to, filepath.Join(inside, from)); err != nil {
			t.Skip(err)
		}
	}
	root, err := os.OpenRoot(inside)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	source := `const fs = require('fs')
		fs.readdirSync(__dirname + '/d')
		fs.readFileSync(__dirname + '/d/secret')
		exports.f = n => fs.readFileSync(__dirname + '/d/' + n)`
	r, err := Trace(onLinux("src/h.js", source), root.FS(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var files, stray []string
	for _, a := range r.Assets {
		files, stray = append(files, a.Files...), append(stray, a.Stray...)
	}
	if want := []string{"src/d/a", "src/d/b", "src/d/e/x", "src/d/a", "src/d/b", "src/d/e/x"}; !slices.Equal(files, want) {
		t.Errorf("got %v, want %v", files, want)
	}
	want := []string{"src/d/all", "src/d/secret", "src/d/secret", "src/d/all", "src/d/secret"}
	if !slices.Equal(stray, want) {
		t.Errorf("links that lead out: %v, want %v", stray, want)
	}
}

// Folders that link to each other and folders that nest without end are bounded.
func TestLinkedFoldersEnd(t *testing.T) {
	inside := t.TempDir()
	for i := range 12 {
		if err := os.MkdirAll(fmt.Sprintf("%s/d/%d", inside, i), 0o755); err != nil {
			t.Fatal(err)
		}
		for to := range 12 {
			if err := os.Symlink(fmt.Sprintf("../%d", to), fmt.Sprintf("%s/d/%d/to%d", inside, i, to)); err != nil {
				t.Skip(err)
			}
		}
	}
	if err := os.MkdirAll(inside+"/deep/"+strings.Repeat("n/", 200), 0o755); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(inside)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for _, dir := range []string{"d", "deep"} {
		start := time.Now()
		source := "exports.f = n => require('fs').readFileSync(__dirname + '/" + dir + "/' + n)"
		r, err := Trace(onLinux("h.js", source), root.FS(), nil)
		if err != nil || len(r.Uncertain) != 1 || !r.Uncertain[0].TooMuch {
			t.Errorf("%s: %+v, %v", dir, r, err)
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %v", dir, took)
		}
	}
}

// esbuild 0.28.2 never comes back from such a text when it quotes it into a
// source map.
func TestTypeScriptCutShortInACharacterEnds(t *testing.T) {
	done := make(chan error, 1)
	go func() {
		_, err := traceIn(project(), moduleAt("a.ts", "const a: string = __dirname + `\xf5Q`//\xc3"))
		done <- err
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("it does not come to an end")
	}
}

// Code whose evaluation would multiply ends in time and says that it gave up.
func TestTangledCodeEnds(t *testing.T) {
	var b strings.Builder
	b.WriteString("const p = require('path');")
	for i := range 3000 {
		fmt.Fprintf(&b, "function f%d(a) { return f%d(f%d(a)) + p.join(f%d(a), a) } ",
			i, (i*7+1)%3000, (i*13+2)%3000, (i*31+3)%3000)
	}
	b.WriteString("require('fs').readFileSync(__dirname + f0('x'))")
	start := time.Now()
	if _, err := traceIn(project(), moduleAt("a.js", b.String())); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("took %v", took)
	}
}
