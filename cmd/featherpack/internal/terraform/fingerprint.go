package terraform

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"golang.org/x/mod/modfile"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
)

// fingerprint shows whether the input of a build has changed. It covers everything
// that a build could read, not only what the last build read: a new file can change
// how imports and patterns resolve.
//
// It uses the size, times and inode of a file instead of its content, so that a large
// node_modules is not read. Unlike the modification time, a program cannot set back
// the change time.
type fingerprint struct {
	sum string
	// reliable is false if the input could change without changing sum.
	reliable bool
}

// maxStamped is the largest number of files in a fingerprint. Larger trees are built
// every time.
const maxStamped = 1_000_000

// newFingerprint covers the project, the environment variables that its manifests
// read, the toolchain and featherpack itself.
func newFingerprint(ctx context.Context, q Request, p analyzer.Project, read map[string]string) (fingerprint, error) {
	typed := q.Flags
	s := &stamping{root: p.Root, reliable: !typed.AllowOutside && len(typed.AllowGoflags) == 0}
	s.add("featherpack", q.Options.Version, typed.digest(), fmt.Sprint(typed.Install, typed.Boot), p.Dir)
	if self, err := os.Executable(); err == nil {
		s.file(self)
	} else {
		s.reliable = false
	}
	for _, name := range slices.Sorted(maps.Keys(read)) {
		s.add(name, read[name])
	}
	if typed.Functions != "" { // may be outside the root
		s.file(typed.Functions)
	}
	if typed.Boot {
		s.program("node")
	}
	if slices.ContainsFunc(p.Functions, func(f analyzer.Function) bool { return f.Family == analyzer.Go }) {
		s.goToolchain(ctx, p)
	}
	// The build also reads these settings in the folders above the root.
	for at := filepath.Dir(p.Root); ; at = filepath.Dir(at) {
		for _, name := range []string{"package.json", "tsconfig.json"} {
			s.file(filepath.Join(at, name))
		}
		if filepath.Dir(at) == at {
			break
		}
	}
	s.tree()
	if err := ctx.Err(); err != nil {
		return fingerprint{}, err
	}
	return fingerprint{hex.EncodeToString(s.digest()), s.reliable && !s.justNow()}, nil
}

// stamping collects a fingerprint.
type stamping struct {
	root     string
	text     bytes.Buffer
	sum      [sha256.Size]byte
	newest   time.Time
	reliable bool
}

func (s *stamping) add(words ...string) {
	fmt.Fprintf(&s.text, "%q\n", words)
	if s.text.Len() > 1<<16 {
		s.digest()
	}
}

// digest adds the collected text to the sum.
func (s *stamping) digest() []byte {
	s.sum = sha256.Sum256(append(s.sum[:], s.text.Bytes()...))
	s.text.Reset()
	return s.sum[:]
}

// file adds a file, which may be missing. It follows symlinks.
func (s *stamping) file(name string) {
	info, err := os.Stat(name)
	if err != nil {
		s.add(name, "missing")
		return
	}
	s.stamp(name, info)
}

func (s *stamping) stamp(name string, info fs.FileInfo) {
	changed, inode := projectfs.ChangeOf(info)
	for _, at := range []time.Time{info.ModTime(), changed} {
		if at.After(s.newest) {
			s.newest = at
		}
	}
	s.add(name, fmt.Sprint(info.Mode(), info.Size(), info.ModTime().UnixNano(), changed.UnixNano(), inode))
}

// justNow reports whether a file changed so recently that another change could get
// the same time. Linux updates its clock for file times at least every 10 ms. Some
// file systems store whole seconds or only even seconds.
func (s *stamping) justNow() bool {
	tick := 20 * time.Millisecond
	if s.newest.Nanosecond() == 0 {
		tick = 3 * time.Second
	}
	return time.Since(s.newest) < tick
}

func (s *stamping) program(name string) {
	path, err := exec.LookPath(name)
	s.add(name, path)
	if err == nil {
		s.file(path)
	}
}

// goToolchain adds the version and settings of Go that packager/golang builds with.
func (s *stamping) goToolchain(ctx context.Context, p analyzer.Project) {
	if slices.ContainsFunc(p.Functions, func(f analyzer.Function) bool { return f.Build.CGO }) {
		s.reliable = false // a C compiler can read any file of the system
	}
	cmd := exec.CommandContext(ctx, "go", "env", "GOVERSION", "GOROOT", "GOFLAGS", "GOAMD64", "GOARM64", "GOEXPERIMENT", "GOFIPS140")
	cmd.Dir = os.TempDir()
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN=local", "GOWORK=off")
	settings, err := cmd.Output()
	if err != nil {
		s.reliable = false
	}
	s.add(string(settings), os.Getenv("GOFLAGS"), os.Getenv("GOWORK"))
	s.program("go")
}

// tree adds every file below the root, except files that no build reads: .git,
// Terraform's files, and out-dirs.
func (s *stamping) tree() {
	seen := 0
	err := filepath.WalkDir(s.root, func(at string, entry fs.DirEntry, err error) error {
		if err != nil {
			s.add(at, "unreadable")
			return nil
		}
		name := entry.Name()
		if entry.IsDir() {
			if at != s.root && (name == ".git" || name == ".terraform" || outdir.Is(at)) {
				return filepath.SkipDir
			}
			return nil
		}
		if terraformFile.MatchString(name) {
			return nil
		}
		if seen++; seen > maxStamped {
			return filepath.SkipAll
		}
		info, err := entry.Info()
		if err != nil {
			s.add(at, "gone")
			return nil
		}
		s.stamp(at, info)
		switch {
		case entry.Type()&fs.ModeSymlink != 0:
			// If its target is inside the root, the walk adds the target too.
			target, err := os.Readlink(at)
			s.add(target, fmt.Sprint(err != nil))
		case name == "go.mod" || name == "go.work":
			s.modules(at)
		}
		return nil
	})
	if err != nil || seen > maxStamped {
		s.reliable = false
	}
}

// terraformFile matches the names of files that Terraform writes beside sources.
var terraformFile = regexp.MustCompile(`\.tfstate(\.|$)|^(.*\.)?tfplan$|^crash\.log$`)

// maxModFile bounds a go.mod or go.work, in bytes.
const maxModFile = 16 << 20

// modules makes the fingerprint unreliable if a go.mod or go.work refers to a folder
// outside the root, because the fingerprint does not cover that folder. The reference
// is a replace of a module, or a use in a go.work.
func (s *stamping) modules(at string) {
	text, err := projectfs.New(s.root, projectfs.Allowances{}).Read(at, maxModFile)
	if err != nil {
		s.reliable = false
		return
	}
	folders, err := foldersOf(at, text)
	if err != nil {
		s.reliable = false
	}
	for _, path := range folders {
		path = filepath.FromSlash(path)
		if !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(at), path)
		}
		if rel, err := filepath.Rel(s.root, path); err != nil || !filepath.IsLocal(rel) {
			s.reliable = false
		}
	}
}

// foldersOf returns the folders that a go.mod or go.work refers to.
func foldersOf(name string, text []byte) (folders []string, err error) {
	var replaced []*modfile.Replace
	if filepath.Base(name) == "go.work" {
		work, err := modfile.ParseWork(name, text, nil)
		if err != nil {
			return nil, err
		}
		for _, u := range work.Use {
			folders = append(folders, u.Path)
		}
		replaced = work.Replace
	} else {
		mod, err := modfile.Parse(name, text, nil)
		if err != nil {
			return nil, err
		}
		replaced = mod.Replace
	}
	for _, r := range replaced {
		if r.New.Version == "" {
			folders = append(folders, r.New.Path)
		}
	}
	return folders, nil
}
