package samtest

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

const samTemplate = `Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: nodejs22.x, CodeUri: .}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: makefile}
    Properties: {Handler: src/orders.handler}
  Search:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: makefile}
    Properties: {Handler: src/search.handler}
  Ingest:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: makefile, featherpack: {entry: cmd/ingest}}
    Properties: {Handler: bootstrap, Runtime: provided.al2023}
`

// samProject is a SAM application with the hook's Makefile, and a featherpack that records
// its builds.
type samProject struct {
	dir, binary, calls string
}

func newSAMProject(t *testing.T) *samProject {
	t.Helper()
	work := t.TempDir()
	p := &samProject{dir: filepath.Join(work, "my shöp"), binary: filepath.Join(work, "bin", "featherpack"),
		calls: filepath.Join(work, "calls")}
	real, err := exec.LookPath("featherpack")
	if err != nil {
		t.Fatal(err)
	}
	p.write(t, p.binary, fmt.Sprintf("#!/bin/sh\n[ \"$1\" = version ] || echo \"$@\" >> '%s'\nexec '%s' \"$@\"\n",
		p.calls, real))
	if err := os.Chmod(p.binary, 0o755); err != nil {
		t.Fatal(err)
	}
	shop := clitest.Testdata(t, "hooks", "cdk")
	for name, content := range map[string]string{
		".git/HEAD": "", "template.yaml": samTemplate,
		"src/orders.ts":      "import { word } from './word'\nexport const handler = async () => word + ' of orders'\n",
		"src/search.ts":      "import { word } from './word'\nexport const handler = async () => word + ' of search'\n",
		"src/word.ts":        "export const word = 'first'\n",
		"go.mod":             string(clitest.Read(t, filepath.Join(shop, "go.mod"))),
		"go.sum":             string(clitest.Read(t, filepath.Join(shop, "go.sum"))),
		"cmd/ingest/main.go": string(clitest.Read(t, filepath.Join(shop, "cmd", "ingest", "main.go"))),
	} {
		p.write(t, filepath.Join(p.dir, filepath.FromSlash(name)), content)
	}
	clitest.Must(t, "hook", "sam", "--write", p.dir)
	return p
}

func (p *samProject) write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// build does what sam build does for one function: it copies CodeUri without
// .aws-sam and .git, and runs the Makefile's target in the copy. Source:
// github.com/aws/aws-lambda-builders, workflows/custom_make
func (p *samProject) build(t *testing.T, name string, environment ...string) (artifacts, output string, err error) {
	scratch := t.TempDir()
	err = filepath.WalkDir(p.dir, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() == ".aws-sam" || entry.Name() == ".git" {
			if err == nil && entry.IsDir() {
				return fs.SkipDir
			}
			return err
		}
		rel, _ := filepath.Rel(p.dir, at)
		if entry.IsDir() {
			return os.MkdirAll(filepath.Join(scratch, rel), 0o755)
		}
		content, err := os.ReadFile(at)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(scratch, rel), content, 0o644)
	})
	if err != nil {
		return "", "", err
	}
	artifacts = filepath.Join(p.dir, ".aws-sam", "build", name)
	if err := os.RemoveAll(artifacts); err != nil {
		return "", "", err
	}
	if err := os.MkdirAll(artifacts, 0o755); err != nil {
		return "", "", err
	}
	cmd := exec.CommandContext(t.Context(), "make", "--makefile", filepath.Join(p.dir, "Makefile"), "build-"+name)
	cmd.Dir = scratch
	cmd.Env = append(os.Environ(), "ARTIFACTS_DIR="+artifacts, "FEATHERPACK="+p.binary)
	cmd.Env = append(cmd.Env, environment...)
	text, err := cmd.CombinedOutput()
	return artifacts, string(text), err
}

func (p *samProject) mustBuild(t *testing.T, name string, environment ...string) string {
	t.Helper()
	artifacts, output, err := p.build(t, name, environment...)
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, output)
	}
	return artifacts
}

// builds returns the number of builds since its last call.
func (p *samProject) builds(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile(p.calls)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	os.Remove(p.calls)
	return strings.Count(string(text), "\n")
}

// treeOf returns every file of a folder with its mode and content.
func treeOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if year := info.ModTime().UTC().Year(); year != 1980 && info.ModTime().Year() != 1980 {
			t.Errorf("%s is of %s", entry.Name(), info.ModTime())
		}
		rel, _ := filepath.Rel(dir, at)
		files[filepath.ToSlash(rel)] = fmt.Sprintf("%o %x", info.Mode().Perm(), clitest.Read(t, at))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func zipTree(t *testing.T, name string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for name, entry := range clitest.Zip(t, name) {
		files[name] = fmt.Sprintf("%o %x", entry.Mode.Perm(), entry.Content)
	}
	return files
}

// TestSAMMakefile runs the hook's Makefile as sam build does.
func TestSAMMakefile(t *testing.T) {
	t.Parallel()
	p := newSAMProject(t)
	out := filepath.Join(t.TempDir(), "out")
	clitest.Must(t, "build", "--out", out, "--quiet", p.dir)
	var wait sync.WaitGroup
	for _, name := range []string{"Orders", "Search", "Ingest"} { // sam build --parallel
		wait.Go(func() {
			artifacts, output, err := p.build(t, name)
			if err != nil {
				t.Errorf("%s: %v\n%s", name, err, output)
				return
			}
			if diff := cmp.Diff(zipTree(t, filepath.Join(out, name+".zip")), treeOf(t, artifacts)); diff != "" {
				t.Errorf("%s: what SAM gets is not the zip's content (-zip +SAM)\n%s", name, diff)
			}
		})
	}
	wait.Wait()
	if n := p.builds(t); n != 1 {
		t.Errorf("three functions took %d builds", n)
	}
	if treeOf(t, filepath.Join(p.dir, ".aws-sam", "build", "Ingest"))["bootstrap"][:4] != "755 " {
		t.Error("bootstrap cannot be executed")
	}

	word := filepath.Join(p.dir, "src", "word.ts")
	for _, step := range []struct {
		name   string
		change func()
		builds int
		holds  string
	}{
		{"nothing changed", func() {}, 0, "first"},
		{"a module changed", func() { p.write(t, word, "export const word = 'second'\n") }, 1, "second"},
		{"an older file put in its place", func() {
			old := filepath.Join(p.dir, "old.ts")
			p.write(t, old, "export const word = 'third'\n")
			long := time.Now().Add(-1000 * time.Hour)
			if err := os.Chtimes(old, long, long); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(old, word); err != nil {
				t.Fatal(err)
			}
		}, 1, "third"},
		{"the out-dir taken away", func() {
			if err := os.RemoveAll(filepath.Join(p.dir, ".aws-sam")); err != nil {
				t.Fatal(err)
			}
		}, 1, "third"},
		{"the zips taken away", func() {
			if err := os.RemoveAll(filepath.Join(p.dir, ".aws-sam", "featherpack")); err != nil {
				t.Fatal(err)
			}
		}, 1, "third"},
		{"a lock left by a build that was killed", func() {
			if err := os.Symlink("999999999", filepath.Join(p.dir, ".aws-sam", "featherpack.lock")); err != nil {
				t.Fatal(err)
			}
		}, 0, "third"},
		{"a file in the way of the target", func() { p.write(t, filepath.Join(p.dir, "build-Orders"), "") }, 1,
			"third"},
		{"another featherpack", func() {
			now := time.Now()
			if err := os.Chtimes(p.binary, now, now); err != nil {
				t.Fatal(err)
			}
		}, 1, "third"},
	} {
		step.change()
		artifacts := p.mustBuild(t, "Orders")
		if n := p.builds(t); n != step.builds {
			t.Errorf("%s: %d builds, not %d", step.name, n, step.builds)
		}
		if text := string(clitest.Read(t, filepath.Join(artifacts, "src", "orders.js"))); !strings.Contains(text,
			step.holds) {
			t.Errorf("%s: the function holds no %q:\n%s", step.name, step.holds, text)
		}
	}
	for _, flags := range []string{"--sourcemap=none", "--sourcemap=none", ""} {
		p.mustBuild(t, "Orders", "FEATHERPACK_FLAGS="+flags)
	}
	if n := p.builds(t); n != 2 {
		t.Errorf("other flags, the same, and others again took %d builds", n)
	}
}

// A failed build fails the deployment, and no older zip is used instead.
func TestSAMMakefileFails(t *testing.T) {
	t.Parallel()
	p := newSAMProject(t)
	p.mustBuild(t, "Search")
	p.write(t, filepath.Join(p.dir, "src", "word.ts"), "export const word = ")
	for range 2 {
		artifacts, output, err := p.build(t, "Orders")
		if err == nil || !strings.Contains(output, "src/word.ts:1:") || len(treeOf(t, artifacts)) > 0 {
			t.Errorf("a source with a mistake: %v, left %v\n%s", err, treeOf(t, artifacts), output)
		}
	}
	p.write(t, filepath.Join(p.dir, "src", "word.ts"), "export const word = 'mended'\n")
	p.mustBuild(t, "Orders")

	for _, test := range []struct {
		name, function string
		environment    []string
		want           string
	}{
		{"no such function", "Order", nil,
			"featherpack: no function Order was built\n  hint: run featherpack discover to list"},
		{"no binary", "Orders", []string{"FEATHERPACK=/nowhere/featherpack"},
			"featherpack: there is no /nowhere/featherpack on the PATH\n  hint: install it"},
		{"not through sam", "Orders", []string{"ARTIFACTS_DIR="},
			"featherpack: ARTIFACTS_DIR is not set\n  hint: run this through sam build"},
		{"flags", "Orders", []string{"FEATHERPACK_FLAGS=--no-such-flag"}, "unknown flag: --no-such-flag"},
		{"flags that leave it out", "Orders", []string{"FEATHERPACK_FLAGS=--only Search"},
			"featherpack: no function Orders was built"},
		{"another program", "Orders", []string{"FEATHERPACK=true"}, "featherpack: no function Orders was built"},
	} {
		artifacts, output, err := p.build(t, test.function, test.environment...)
		if err == nil || !strings.Contains(output, test.want) || len(treeOf(t, artifacts)) > 0 {
			t.Errorf("%s: %v, left %v\n%s", test.name, err, treeOf(t, artifacts), output)
		}
	}
	// A successful build prints one line, without a report or a next step.
	if _, output, err := p.build(t, "Orders"); err != nil ||
		!regexp.MustCompile(`^featherpack: 3 functions, [0-9.]+ KiB zipped\n$`).MatchString(output) {
		t.Errorf("%v\n%s", err, output)
	}
	if err := os.RemoveAll(filepath.Join(p.dir, ".aws-sam", "featherpack")); err != nil {
		t.Fatal(err)
	}
	p.write(t, filepath.Join(p.dir, ".aws-sam", "featherpack"), "") // a file in the out-dir's place
	if _, output, err := p.build(t, "Orders"); err == nil || !strings.Contains(output,
		"cannot use the out-dir .aws-sam/featherpack: not a directory") {
		t.Errorf("a file in the out-dir's place: %v\n%s", err, output)
	}
}

// --config names a template in another folder, so its zips are in a subfolder.
func TestSAMTemplateInAnotherFolder(t *testing.T) {
	t.Parallel()
	p := newSAMProject(t)
	template := filepath.Join(p.dir, "template.yaml")
	p.write(t, filepath.Join(p.dir, "infra", "template.yaml"), strings.ReplaceAll(samTemplate, "CodeUri: .",
		"CodeUri: .."))
	if err := os.Remove(template); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		artifacts := p.mustBuild(t, "Orders", "FEATHERPACK_FLAGS=--config infra/template.yaml")
		if text := string(clitest.Read(t, filepath.Join(artifacts, "src", "orders.js"))); !strings.Contains(text,
			"first") {
			t.Errorf("the function holds %s", text)
		}
	}
	if n := p.builds(t); n != 1 {
		t.Errorf("%d builds", n)
	}
}

// The user's Makefile includes the hook's and keeps its own targets.
func TestSAMMakefileIncluded(t *testing.T) {
	t.Parallel()
	p := newSAMProject(t)
	if err := os.Rename(filepath.Join(p.dir, "Makefile"), filepath.Join(p.dir, "featherpack.mk")); err != nil {
		t.Fatal(err)
	}
	p.write(t, filepath.Join(p.dir, "Makefile"),
		"include featherpack.mk\n\nbuild-Other:\n\techo other > \"$(ARTIFACTS_DIR)/other.txt\"\n")
	if artifacts := p.mustBuild(t, "Search"); !clitest.Exists(filepath.Join(artifacts, "src", "search.js")) {
		t.Error("the pattern does not build Search")
	}
	if artifacts := p.mustBuild(t, "Other"); !clitest.Exists(filepath.Join(artifacts, "other.txt")) ||
		clitest.Exists(filepath.Join(artifacts, "src")) {
		t.Error("the target of one's own does not build Other")
	}
	if n := p.builds(t); n != 1 {
		t.Errorf("two targets took %d builds", n)
	}
	other := newSAMProject(t)
	other.write(t, filepath.Join(other.dir, "src", "word.ts"), "export const word = 'elsewhere'\n")
	artifacts := p.mustBuild(t, "Search", "FEATHERPACK_DIR="+other.dir)
	if text := string(clitest.Read(t, filepath.Join(artifacts, "src", "search.js"))); !strings.Contains(text,
		"elsewhere") {
		t.Errorf("FEATHERPACK_DIR is not where it was built:\n%s", text)
	}
}
