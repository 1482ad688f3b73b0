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
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
)

// fingerprint tells whether a build would find anything other than the last
// one did. It is over everything a build could read, not over what the last one
// did read: a file that is new changes what imports and patterns lead to.
//
// Files are told apart by size, times and inode as the file system has them, so
// that a large node_modules costs a look and not a read. The time of change
// cannot be set back, unlike that of modification.
type fingerprint struct {
	sum string
	// sound is false where an equal sum would prove nothing.
	sound bool
}

// maxStamped bounds the files that are looked at; larger trees are built anew.
const maxStamped = 1_000_000

// newFingerprint looks at the project, the environment that its manifests read,
// the toolchain and this program.
func newFingerprint(ctx context.Context, q Question, p analyzer.Project, read map[string]string) (fingerprint, error) {
	typed := q.Flags
	s := &stamping{root: p.Root, sound: !typed.AllowOutside && len(typed.AllowGoflags) == 0}
	s.say("featherpack", q.Options.Version, typed.way(), fmt.Sprint(typed.Install, typed.Boot), p.Dir)
	if self, err := os.Executable(); err == nil {
		s.file(self)
	} else {
		s.sound = false
	}
	for _, name := range slices.Sorted(maps.Keys(read)) {
		s.say(name, read[name])
	}
	if typed.Functions != "" { // which may lie anywhere
		s.file(typed.Functions)
	}
	if typed.Boot {
		s.program("node")
	}
	if slices.ContainsFunc(p.Functions, func(f analyzer.Function) bool { return f.Family == analyzer.Go }) {
		s.goToolchain(ctx, p)
	}
	// Settings above the root count too, where somebody keeps them there.
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
	return fingerprint{hex.EncodeToString(s.digest()), s.sound && !s.justNow()}, nil
}

// stamping gathers a fingerprint.
type stamping struct {
	root   string
	text   bytes.Buffer
	sum    [sha256.Size]byte
	newest time.Time
	sound  bool
}

func (s *stamping) say(words ...string) {
	fmt.Fprintf(&s.text, "%q\n", words)
	if s.text.Len() > 1<<16 {
		s.digest()
	}
}

// digest folds what was gathered into the sum.
func (s *stamping) digest() []byte {
	s.sum = sha256.Sum256(append(s.sum[:], s.text.Bytes()...))
	s.text.Reset()
	return s.sum[:]
}

// file takes in a file that may be missing, whatever links lead to it.
func (s *stamping) file(name string) {
	info, err := os.Stat(name)
	if err != nil {
		s.say(name, "missing")
		return
	}
	s.stamp(name, info)
}

func (s *stamping) stamp(name string, info fs.FileInfo) {
	changed, inode := changeOf(info)
	for _, at := range []time.Time{info.ModTime(), changed} {
		if at.After(s.newest) {
			s.newest = at
		}
	}
	s.say(name, fmt.Sprint(info.Mode(), info.Size(), info.ModTime().UnixNano(), changed.UnixNano(), inode))
}

// justNow reports whether a file changed so recently that another change could
// bear the same time. Linux' clock for files ticks every 10 ms at worst, and
// some file systems keep whole or even seconds.
func (s *stamping) justNow() bool {
	tick := 20 * time.Millisecond
	if s.newest.Nanosecond() == 0 {
		tick = 3 * time.Second
	}
	return time.Since(s.newest) < tick
}

func (s *stamping) program(name string) {
	path, err := exec.LookPath(name)
	s.say(name, path)
	if err == nil {
		s.file(path)
	}
}

// goToolchain takes in the version and settings that packager/golang builds with.
func (s *stamping) goToolchain(ctx context.Context, p analyzer.Project) {
	if slices.ContainsFunc(p.Functions, func(f analyzer.Function) bool { return f.Build.CGO }) {
		s.sound = false // a C compiler reads the whole system
	}
	cmd := exec.CommandContext(ctx, "go", "env", "GOVERSION", "GOROOT", "GOFLAGS", "GOAMD64", "GOARM64", "GOEXPERIMENT", "GOFIPS140")
	cmd.Dir = os.TempDir()
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN=local", "GOWORK=off")
	settings, err := cmd.Output()
	if err != nil {
		s.sound = false
	}
	s.say(string(settings), os.Getenv("GOFLAGS"), os.Getenv("GOWORK"))
	s.program("go")
}

// tree takes in every file below the root but those that no build reads:
// histories, what Terraform keeps, and what builds wrote.
func (s *stamping) tree() {
	seen := 0
	err := filepath.WalkDir(s.root, func(at string, entry fs.DirEntry, err error) error {
		if err != nil {
			s.say(at, "unreadable")
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
			s.say(at, "gone")
			return nil
		}
		s.stamp(at, info)
		switch {
		case entry.Type()&fs.ModeSymlink != 0:
			// What it leads to inside the root is seen there.
			target, err := os.Readlink(at)
			s.say(target, fmt.Sprint(err != nil))
		case name == "go.mod" || name == "go.work":
			s.modules(at)
		}
		return nil
	})
	if err != nil || seen > maxStamped {
		s.sound = false
	}
}

// terraformFile are the names of what Terraform writes beside sources.
var terraformFile = regexp.MustCompile(`\.tfstate(\.|$)|^(.*\.)?tfplan$|^crash\.log$`)

// modules notes where a module lies outside the root, of which nothing is known:
// one that a go.mod or go.work replaces by a folder, or that a go.work uses.
func (s *stamping) modules(at string) {
	text, err := os.ReadFile(at)
	if err != nil {
		s.sound = false
		return
	}
	folders, err := foldersOf(at, text)
	if err != nil {
		s.sound = false
	}
	for _, path := range folders {
		path = filepath.FromSlash(path)
		if !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(at), path)
		}
		if rel, err := filepath.Rel(s.root, path); err != nil || !filepath.IsLocal(rel) {
			s.sound = false
		}
	}
}

// foldersOf are the folders that a go.mod or go.work names.
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
