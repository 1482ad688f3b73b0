package projecttest

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/install"
)

// Scripts installs sample projects below a folder testdata, and returns the JavaScript
// files that this brings: the parser tests of ECMA-262 and a few packages, and with
// FEATHERPACK_LONG=1 all that the other projects install. It skips the test where it
// cannot install them.
func Scripts(t testing.TB, testdata string) (files []string) {
	t.Helper()
	if testing.Short() {
		t.Skip("installs packages")
	}
	for _, tool := range []string{"npm", "node"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	projects := []string{"acorn"}
	if os.Getenv("FEATHERPACK_LONG") == "1" {
		projects = append(projects, "apps/orders", "apps/packages", "hooks/cdk", "hooks/serverless", "browser")
	}
	for _, project := range projects {
		root, err := filepath.Abs(filepath.Join(testdata, project))
		if err != nil {
			t.Fatal(err)
		}
		functions := []analyzer.Function{{Family: analyzer.Node, ServiceDir: "."}}
		if err := install.Packages(t.Context(), analyzer.Project{Root: root}, functions, install.Options{}); err != nil {
			t.Fatal(err)
		}
		files = append(files, below(t, filepath.Join(root, "node_modules"))...)
	}
	return files
}

// below lists the JavaScript files below a folder.
func below(t testing.TB, dir string) (files []string) {
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		switch filepath.Ext(name) {
		case ".js", ".cjs", ".mjs":
			if err == nil && d.Type().IsRegular() {
				files = append(files, name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
