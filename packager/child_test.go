package packager

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// Some guarantees concern a whole process: its umask, its limits, its death. Their
// tests run this test binary again as a child process that packs.
const childEnv = "FEATHERPACK_TEST_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(childEnv) {
	case "":
		os.Exit(m.Run())
	case "pack":
		packFolder(os.Args[1], os.Args[2])
	case "flip":
		flipForever(os.Args[1])
	}
}

// child is the command that runs this binary as a child of the given kind.
func child(t *testing.T, kind string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), childEnv+"="+kind)
	return cmd
}

// outcome is what a packing child prints.
type outcome struct {
	SHA256  string
	Failure *analyzer.Diagnostic
	Other   string   // an error that is no diagnostic
	Left    []string // what the out-dir then holds
}

// packFolder packs the files of src in the order in which the file system lists
// them. Every second file is read into memory; the others are streamed.
func packFolder(src, out string) {
	b := Bundle{ID: "fn"}
	err := filepath.WalkDir(src, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(src, path)
		f := File{Name: filepath.ToSlash(rel), Source: path}
		if len(rel)%2 == 0 {
			f.Content, err = os.ReadFile(path)
		}
		b.Files = append(b.Files, f)
		b.Beside = append(b.Beside, File{Name: "fn." + filepath.Base(rel) + ".txt", Content: []byte("beside\n")})
		return err
	})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	b.Beside = b.Beside[:1]
	var o outcome
	artifact, err := Pack(context.Background(), b, out, Options{})
	var d analyzer.Diagnostic
	switch {
	case errors.As(err, &d):
		o.Failure = &d
	case err != nil:
		o.Other = err.Error()
	}
	o.SHA256 = artifact.SHA256
	entries, _ := os.ReadDir(out)
	for _, e := range entries {
		o.Left = append(o.Left, e.Name())
	}
	json.NewEncoder(os.Stdout).Encode(o)
}

// run returns the output of a child that packs.
func run(t *testing.T, cmd *exec.Cmd) outcome {
	t.Helper()
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, text)
	}
	var o outcome
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	return o
}

// flipBundles are two versions of one function.
func flipBundles() [2]Bundle {
	version := func(seed byte) Bundle {
		return Bundle{ID: "fn", Files: []File{{Name: "index.js", Content: javascript(400<<10, seed)}}}
	}
	return [2]Bundle{version(1), version(2)}
}

func flipForever(out string) {
	versions := flipBundles()
	for i := 0; ; i++ {
		if _, err := Pack(context.Background(), versions[i%2], out, Options{Compress: "fast"}); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
}

// javascript is text that deflate can shrink, always the same for one seed.
func javascript(size int, seed byte) []byte {
	text := make([]byte, 0, size+64)
	for i := uint32(seed); len(text) < size; i = i*1664525 + 1013904223 {
		text = fmt.Appendf(text, "export const n%x = (event) => f%d(event, %d);\n", i, i%97, i>>20)
	}
	return text[:size]
}

// noise is data that deflate cannot shrink, always the same for one seed.
func noise(size int, seed uint64) []byte {
	b := make([]byte, size)
	for i := range b {
		seed ^= seed << 13
		seed ^= seed >> 7
		seed ^= seed << 17
		b[i] = byte(seed >> 32)
	}
	return b
}
