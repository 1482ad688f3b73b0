package reuse_test

import (
	"io/fs"
	"os"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/reuse"
	"github.com/featherpack/featherpack/packager/cache"
)

// The files in the key of a result have their true digests, so that a remote cache can hold
// them as the input of an action.
func TestKeysHoldTrueDigests(t *testing.T) {
	p := newProject(t)
	p.settle()
	p.run(p.cache)
	files := 0
	err := fs.WalkDir(os.DirFS(p.cache), "cas", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		blob, err := fs.ReadFile(os.DirFS(p.cache), name)
		if err != nil {
			return err
		}
		for _, modules := range reuse.ModulesOf(blob) {
			for name, is := range modules {
				files++
				if want := cache.Of([]byte(p.read(name))); is != want {
					t.Errorf("%s stands as %s, want %s", name, is, want)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 5 {
		t.Errorf("%d files stand in the keys", files)
	}
}
