package packager

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// tool is the path of a program that reads zips. The test is skipped without it only
// in -short mode.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if testing.Short() {
		t.Skipf("%s is not installed", name)
	}
	t.Fatalf("%s is not installed: install it, or run the tests with -short", name)
	return ""
}

// goReads returns every entry's name and digest as archive/zip reads them.
func goReads(t *testing.T, path string) map[string]string {
	t.Helper()
	r, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got := map[string]string{}
	for _, f := range r.File {
		entry, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(entry)
		if err != nil {
			t.Fatal(err)
		}
		got[f.Name] = digest(content)
	}
	return got
}

// pythonReads returns the same as Python's zipfile reads it. It also checks what
// all entries must have in common.
func pythonReads(t *testing.T, path string) map[string]string {
	t.Helper()
	const script = `
import hashlib, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    out = {}
    for i in z.infolist():
        assert i.date_time == (1980, 1, 1, 0, 0, 0), i
        assert i.extra == b"" and i.create_system == 3 and not i.flag_bits & 8, i
        assert i.external_attr >> 16 in (0o100644, 0o100755), i
        out[i.filename] = hashlib.sha256(z.read(i)).hexdigest()
    assert len(out) == len(z.infolist())
print(json.dumps(out))
`
	text, err := exec.Command(tool(t, "python3"), "-c", script, path).CombinedOutput()
	if err != nil {
		t.Fatalf("python3: %v\n%s", err, text)
	}
	got := map[string]string{}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	return got
}

// infozipTests runs Info-ZIP's test of every entry.
func infozipTests(t *testing.T, path string) {
	t.Helper()
	if text, err := exec.Command(tool(t, "unzip"), "-tqq", path).CombinedOutput(); err != nil {
		t.Fatalf("unzip -t: %v\n%s", err, text)
	}
}

// infozipUnpacks returns the name, digest and mode of every file that unzip writes.
func infozipUnpacks(t *testing.T, path string) (map[string]string, map[string]fs.FileMode) {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command(tool(t, "unzip"), "-qq", path, "-d", dir)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("unzip: %v\n%s", err, text)
	}
	got, modes := map[string]string{}, map[string]fs.FileMode{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		stat, err := d.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		got[filepath.ToSlash(name)], modes[filepath.ToSlash(name)] = digest(content), stat.Mode()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got, modes
}

func TestGoPythonAndInfoZIPAgree(t *testing.T) {
	bundles := map[string]Bundle{
		"sample":             sample(),
		"one file":           {ID: "fn", Files: []File{{Name: "index.js", Content: javascript(100, 1)}}},
		"only an empty file": {ID: "fn", Files: []File{{Name: "empty"}}},
		"odd names": {ID: "fn", Files: []File{
			{Name: "..a/...", Content: []byte("1")}, {Name: "-rf", Content: []byte("2")}, {Name: "a%2fb", Content: []byte("3")},
			{Name: "ends.", Content: []byte("4")}, {Name: "é/\U0001F984", Content: []byte("5")}, {Name: "[x]*?", Content: []byte("6")},
		}},
	}
	for name, b := range bundles {
		for _, compress := range []string{"fast", "default", "best"} {
			t.Run(name+" "+compress, func(t *testing.T) {
				a := mustPack(t, b, t.TempDir(), Options{Compress: compress})
				want, wantModes := map[string]string{}, map[string]fs.FileMode{}
				for _, f := range b.Files {
					want[f.Name] = digest(f.Content)
				}
				for _, e := range a.Entries {
					wantModes[e.Name] = fs.FileMode(e.Mode)
				}
				if diff := cmp.Diff(want, goReads(t, a.Path)); diff != "" {
					t.Errorf("Go: %s", diff)
				}
				if diff := cmp.Diff(want, pythonReads(t, a.Path)); diff != "" {
					t.Errorf("Python: %s", diff)
				}
				infozipTests(t, a.Path)
				got, modes := infozipUnpacks(t, a.Path)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("Info-ZIP: %s", diff)
				}
				if diff := cmp.Diff(wantModes, modes); diff != "" {
					t.Errorf("Info-ZIP's modes: %s", diff)
				}
			})
		}
	}
}

func TestEmptyBundleIsAnEmptyZip(t *testing.T) {
	a := mustPack(t, Bundle{ID: "none"}, t.TempDir(), Options{})
	if a.ZipBytes != 22 || a.UnzippedBytes != 0 || len(goReads(t, a.Path)) != 0 || len(pythonReads(t, a.Path)) != 0 {
		t.Errorf("%+v", a)
	}
}
