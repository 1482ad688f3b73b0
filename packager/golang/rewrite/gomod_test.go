package rewrite

import "testing"

// TestReplace checks that the folder is the only replacement, even of a module that
// already has one, for one version or for all.
func TestReplace(t *testing.T) {
	const mod = `module example.org/svc // the service

go 1.26

require (
	example.com/a v1.0.0
	example.com/b v1.2.0 // indirect
	example.com/c v1.0.0
)

replace example.com/a => ../a

replace (
	example.com/b v1.2.0 => example.com/fork v1.3.0
	example.com/b => ../b
	example.com/other => ../other
)
`
	const want = `module example.org/svc // the service

go 1.26

require (
	example.com/a v1.0.0
	example.com/b v1.2.0 // indirect
	example.com/c v1.0.0
)

replace example.com/other => ../other

replace example.com/a => /scratch/a

replace example.com/b => "/scratch/with space/b"

replace example.com/c => /scratch/c
`
	got, err := Replace([]byte(mod), map[string]string{
		"example.com/a": "/scratch/a", "example.com/b": "/scratch/with space/b", "example.com/c": "/scratch/c",
	})
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
	if _, err := Replace([]byte("module"), nil); err == nil {
		t.Error("a go.mod that cannot be read was changed")
	}
}
