package clitest

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/packager/install"
)

// Testdata returns a path below the repository's testdata.
func Testdata(t testing.TB, names ...string) string {
	t.Helper()
	top, err := top()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(append([]string{top, "testdata"}, names...)...)
}

// Install installs a sample project's packages from its lockfile, if they are not
// installed yet. Tests of several packages may call it at the same time.
func Install(t testing.TB, dir string) {
	t.Helper()
	if testing.Short() {
		t.Skip("installs the packages of " + filepath.Base(dir))
	}
	if !Exists(filepath.Join(dir, "package.json")) {
		return
	}
	project := manifest.Discover(dir, manifest.Options{})
	functions := slices.DeleteFunc(project.Functions, func(f analyzer.Function) bool { return f.Family != analyzer.Node })
	if len(functions) == 0 { // a hook's test project: another tool declares its Node functions
		abs, err := filepath.Abs(dir)
		if err != nil {
			t.Fatal(err)
		}
		project.Root, functions = abs, []analyzer.Function{{Family: analyzer.Node, ServiceDir: "."}}
	}
	if err := install.Packages(t.Context(), project, functions, install.Options{}); err != nil {
		t.Fatal(err)
	}
}

// outDir is the folder that a manual build writes to in a sample project.
const outDir = ".featherpack"

// Copy copies a project with its installed packages. It uses hard links if possible, so
// a test must replace files of the copy and not write to them.
func Copy(t testing.TB, from, to string) {
	t.Helper()
	if exec.Command("cp", "-al", from, to).Run() != nil {
		os.RemoveAll(to)
		if output, err := exec.Command("cp", "-a", from, to).CombinedOutput(); err != nil {
			t.Fatalf("copying %s: %v\n%s", from, err, output)
		}
	}
	if err := os.RemoveAll(filepath.Join(to, outDir)); err != nil {
		t.Fatal(err)
	}
}

// Overlay copies the files of a folder over another, without node_modules and build
// output.
func Overlay(t testing.TB, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(at string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.Name() == "node_modules" || entry.Name() == outDir {
			return fs.SkipDir
		}
		rel, err := filepath.Rel(from, at)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		data, err := os.ReadFile(at)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), data, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}
