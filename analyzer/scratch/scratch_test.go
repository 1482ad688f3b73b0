package scratch

import (
	"os"
	"path/filepath"
	"testing"
)

// kill leaves what a killed process leaves: the folder and an owner file that is not
// locked any more.
func kill(t *testing.T, f *Folder) {
	t.Helper()
	if err := f.lock.Close(); err != nil {
		t.Fatal(err)
	}
}

func filled(t *testing.T, dir string) *Folder {
	t.Helper()
	f, err := New(dir, "test")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(f.Path, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return f
}

// A later run removes the folders of killed runs, and only those.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	dead, living := filled(t, dir), filled(t, dir)
	kill(t, dead)
	outside := t.TempDir()
	others := []string{"featherpack-test-1", "featherpack-lock.lock", "x.owner"}
	for _, name := range others {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// A link that calls itself an owner file, or a dead run's folder, leads nowhere.
	if err := os.WriteFile(filepath.Join(outside, "kept"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	os.Symlink(filepath.Join(outside, "kept"), filepath.Join(dir, "featherpack-a.owner"))
	os.Symlink(outside, filepath.Join(dir, "featherpack-b"))
	os.WriteFile(filepath.Join(dir, "featherpack-b.owner"), nil, 0o600)

	Sweep(dir)
	for name, want := range map[string]bool{
		dead.Path: false, dead.Path + suffix: false, living.Path: true, living.Path + suffix: true,
		filepath.Join(outside, "kept"): true, filepath.Join(dir, others[0]): true, filepath.Join(dir, others[2]): true,
		filepath.Join(dir, "featherpack-a.owner"): true, filepath.Join(dir, "featherpack-b"): false,
	} {
		if _, err := os.Lstat(name); (err == nil) != want {
			t.Errorf("%s: there %v, want %v", filepath.Base(name), err == nil, want)
		}
	}
	if err := living.Close(); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "featherpack-test-*")); len(left) != 1 {
		t.Errorf("left behind: %q", left)
	}
}

// Runs that sweep all the time never remove a folder that is being made.
func TestSweepWhileMaking(t *testing.T) {
	dir := t.TempDir()
	stop := make(chan bool)
	done := make(chan bool)
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				Sweep(dir)
			}
		}
	}()
	for range 200 {
		f := filled(t, dir)
		if _, err := os.Stat(filepath.Join(f.Path, "file")); err != nil {
			t.Error(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	<-done
}
