package advise

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	"golang.org/x/mod/zip"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// The project's go.mod replaces a module with another. A cut in that module changes the
// replacement.
func TestCutInReplacedModule(t *testing.T) {
	if testing.Short() {
		t.Skip("links a program several times")
	}
	fork := module.Version{Path: "example.com/fork", Version: "v1.2.0"}
	sums := serve(t, fork, map[string]string{
		"go.mod": "module example.com/fork\n\ngo 1.26\n",
		"lookup.go": `package lookup

import "reflect"

func Call(of any, name string) {
	reflect.ValueOf(of).MethodByName(name).Call(nil)
}
`,
	})
	for name, replace := range map[string]string{
		"any version":  "example.com/lookup",
		"this version": "example.com/lookup v1.0.0",
	} {
		t.Run(name, func(t *testing.T) {
			if name != "this version" {
				clitest.SkipUnlessLong(t)
			}
			root := t.TempDir()
			for name, text := range map[string]string{
				"featherpack.yaml": "functions:\n  ingest: {entry: ., runtime: provided.al2023, arch: x86_64}\n",
				"go.mod": "module example.org/svc\n\ngo 1.26\n\nrequire example.com/lookup v1.0.0\n\n" +
					"replace " + replace + " => example.com/fork v1.2.0\n",
				"go.sum": sums,
				"main.go": `package main

import (
	"fmt"
	"go/types"
	"math/big"
	"os"

	"example.com/lookup"
)

func main() {
	name := os.Getenv("AWS_LAMBDA_RUNTIME_API")
	fmt.Println(types.NewPackage(name, name))
	lookup.Call(new(big.Float), name)
}
`,
			} {
				clitest.Write(t, filepath.Join(root, name), text)
			}
			for _, a := range adviceOf(t, root, 3)[0].Advice {
				if a.Code != "reflect-method" {
					continue
				}
				if a.Unmeasured != "" || !a.Cut || a.Saves == nil || a.Saves.Unzipped < 100_000 {
					t.Errorf("unmeasured %q, cut %v, saves %v", a.Unmeasured, a.Cut, a.Saves)
				}
				return
			}
			t.Error("nobody advises to do without the lookup")
		})
	}
}

// serve makes the go command find one module and no other. It returns the lines for
// go.sum.
func serve(t *testing.T, m module.Version, files map[string]string) (sums string) {
	t.Helper()
	dir, proxy, cache := t.TempDir(), t.TempDir(), t.TempDir()
	for name, text := range files {
		clitest.Write(t, filepath.Join(dir, name), text)
	}
	at := filepath.Join(proxy, filepath.FromSlash(m.Path), "@v", m.Version)
	clitest.Write(t, at+".mod", files["go.mod"])
	clitest.Write(t, at+".info", fmt.Sprintf(`{"Version": %q}`, m.Version))
	f, err := os.Create(at + ".zip")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := zip.CreateFromDir(f, m, dir); err != nil {
		t.Fatal(err)
	}
	whole, err := dirhash.HashZip(at+".zip", dirhash.Hash1)
	if err != nil {
		t.Fatal(err)
	}
	goMod, err := dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) { return os.Open(at + ".mod") })
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOPROXY", "file://"+filepath.ToSlash(proxy))
	t.Setenv("GOMODCACHE", cache)
	t.Setenv("GONOSUMDB", "*")
	t.Cleanup(func() { // the go command takes the right to write away
		filepath.WalkDir(cache, func(at string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				return os.Chmod(at, 0o755)
			}
			return err
		})
	})
	return strings.Join([]string{
		m.Path + " " + m.Version + " " + whole, m.Path + " " + m.Version + "/go.mod " + goMod, "",
	}, "\n")
}
