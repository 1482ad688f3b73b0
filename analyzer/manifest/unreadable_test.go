package manifest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

func TestUnreadableManifests(t *testing.T) {
	dir := manifesttest.Project(t, manifesttest.Files{"run.ts": ""})
	outside := filepath.Join(t.TempDir(), "out.yml")
	if err := os.WriteFile(outside, []byte(manifesttest.ServerlessHead), 0o644); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "x.yml")
	for _, test := range []struct {
		name string
		make func() error
		want string
	}{
		{"a link out of the root", func() error { return os.Symlink(outside, link) },
			"error unreadable-manifest x.yml: cannot read it: is outside the project's root"},
		{"a dangling link", func() error { return os.Symlink(filepath.Join(dir, "gone"), link) },
			"error unreadable-manifest x.yml: cannot read it: no such file or directory" +
				" | --config names a file, relative to the folder that is built or to the current one"},
		{"a pipe", func() error { return manifesttest.MakePipe(link) },
			"error unreadable-manifest x.yml: cannot read it: is not a regular file"},
		{"a folder", func() error { return os.Mkdir(link, 0o755) },
			"error unreadable-manifest x.yml: cannot read it: is a folder"},
		{"over the limit", func() error { return os.WriteFile(link, make([]byte, yamltree.MaxBytes+1), 0o644) },
			"error unreadable-manifest x.yml: cannot read it: is too large | a manifest holds at most 2 MiB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := test.make(); err != nil {
				t.Skip(err)
			}
			defer os.Remove(link)
			manifesttest.MustReport(t, manifest.Discover(dir, manifest.Options{Config: "x.yml"}), test.want)
		})
	}
}
