package packagestest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/reporters"
)

// For each package, a function that uses it runs from its zip. The test also compares
// the table of how each package was handled.
func TestPackages(t *testing.T) {
	clitest.SkipUnlessLong(t) // installs 1.3 GB
	// Better compression is slow and is not tested here.
	report := clitest.Prove(t, "packages", "--compress=fast")
	dir := clitest.Testdata(t, "apps", "packages")
	data, err := os.ReadFile(filepath.Join(dir, "kinds.json"))
	if err != nil {
		t.Fatal(err)
	}
	var kinds map[string]struct{ Package, Kind string }
	if err := json.Unmarshal(data, &kinds); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# Packages that are proven to run\n\n")
	fmt.Fprintf(&b, "Each of these %d functions uses a package, or a way of loading code, that bundlers are\n",
		len(report.Functions))
	fmt.Fprintf(&b, "known to break. The test builds them, removes the source tree, starts every zip, and\n")
	fmt.Fprintf(&b, "compares its answer with `proofs`. The test also writes this table:\n\n")
	fmt.Fprintf(&b, "    go test ./cmd/featherpack/internal/packagestest -update\n\n")
	fmt.Fprintf(&b, "*Bundled* and *as files* are bytes in the zip, unzipped.\n\n")
	fmt.Fprintf(&b, "| function | package | kind | how | bundled | as files |\n|---|---|---|---|---:|---:|\n")
	for _, f := range report.Functions {
		k, ok := kinds[f.Name]
		if !ok {
			t.Errorf("kinds.json does not say what %s is", f.Name)
		}
		bundled, files, how := handled(f)
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %d | %d |\n", f.Name, k.Package, k.Kind, how, bundled, files)
	}
	clitest.Golden(t, filepath.Join(dir, "README.md"), b.String())
}

// handled describes how a function's packages were handled.
func handled(f reporters.Function) (bundled, files int64, how string) {
	for i, e := range f.Artifact.Entries {
		if e.Name == bundleName(f) {
			bundled = f.Artifact.Entries[i].Bytes
		} else {
			files += e.Bytes
		}
	}
	var kept []string
	for _, k := range f.Kept {
		if strings.Contains(k.Reason, "addon") {
			kept = append(kept, k.Package)
		}
	}
	switch {
	case len(f.Artifact.Entries) == 1:
		return bundled, files, "bundled"
	case len(kept) > 0:
		return bundled, files, "bundled; native addon as files: " + strings.Join(kept, ", ")
	case len(f.Kept) > 0:
		return bundled, files, "bundled; modules loaded by path as files"
	}
	return bundled, files, "bundled; files that it reads beside it"
}

// bundleName returns the name of the zip entry with a function's bundle.
func bundleName(f reporters.Function) string {
	stem := strings.TrimSuffix(f.Handler, filepath.Ext(f.Handler))
	for _, e := range f.Artifact.Entries {
		if e.Name == stem+".js" || e.Name == stem+".mjs" {
			return e.Name
		}
	}
	return ""
}
