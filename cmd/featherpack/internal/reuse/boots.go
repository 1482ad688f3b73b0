package reuse

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/packager/cache"
	"github.com/featherpack/featherpack/packager/node/sourcetree"
)

// Boots keeps what starting artifacts and their sources has shown.
//
// An artifact alone depends on its bytes, the function's settings, the events, and what runs
// it. A source may open any file of the project while it runs, and what it opens is known
// from its own word only. So it depends on all own files and all installed packages.
type Boots struct {
	ctx     context.Context
	store   *cache.Disk
	index   *cache.Index
	project analyzer.Project
	files   *projectfs.FS
	skip    []string // absolute folders that the run itself writes to
	tool    string
	began   time.Time
	tree    func() string // a digest of the files that a source may open, "" if there is none

	mu   sync.Mutex
	kept []keptBoot
}

type keptBoot struct {
	key      cache.Digest
	onSource bool
	value    booted
}

// booted is what is kept of a start. It has no answer.
type booted struct {
	Positions   string                `json:"positions,omitempty"` // as in value
	Boot        packager.Boot         `json:"boot"`
	Diagnostics []analyzer.Diagnostic `json:"diagnostics,omitempty"`
}

// Started is what the result of a start depends on.
type Started struct {
	Artifact string // its SHA-256, in hex
	Function analyzer.Function
	// Program is what runs it; see [boot.Identity].
	Program string
	// Asked is what else the result depends on, in any form. It may hold secrets.
	Asked any
	// OnSource is set if the source is started too.
	OnSource bool
}

// OpenBoots returns nil if store is nil. Close must be called, and closes the store.
func OpenBoots(ctx context.Context, store *cache.Disk, p analyzer.Project, skip ...string) *Boots {
	if store == nil {
		return nil
	}
	b := &Boots{ctx: ctx, store: store, index: store.Index(), project: p, skip: skip, began: time.Now(), files: projectfs.New(p.Root, projectfs.Allowances{})}
	var err error
	if b.tool, err = selfDigest(b.index); err != nil {
		b.files.Close()
		store.Close()
		return nil
	}
	b.tree = sync.OnceValue(b.sources)
	return b
}

// Sum is the digest of a program.
func (b *Boots) Sum(file string) (string, error) { return sumOf(b.index, file) }

const (
	bootFormat = "1"
	bootName   = "boot.json"
)

// key is that of a start, and false if there is none.
func (b *Boots) key(s Started) (cache.Digest, bool) {
	arguments := []string{
		"featherpack", "boot", bootFormat, "tool=" + b.tool, "function=" + digestOf(withoutPositions(s.Function)), "program=" + s.Program, "asked=" + digestOf(s.Asked),
	}
	input := cache.Directory{Files: []cache.File{{Name: "artifact", Digest: cache.Digest{Hash: s.Artifact}}}}
	if s.OnSource {
		tree := b.tree()
		if tree == "" {
			return cache.Digest{}, false
		}
		arguments = append(arguments, "source="+tree)
	}
	action := cache.Action{Command: cache.Of(cache.Command{Arguments: arguments, Outputs: []string{bootName}}.Encode()), Input: cache.Of(input.Encode())}
	return cache.Of(action.Encode()), true
}

// Find brings a result back.
func (b *Boots) Find(s Started) (found packager.Boot, diagnostics []analyzer.Diagnostic, ok bool) {
	if b == nil {
		return found, nil, false
	}
	key, ok := b.key(s)
	if !ok {
		return found, nil, false
	}
	result, err := b.store.Result(b.ctx, key)
	if err != nil {
		return found, nil, false
	}
	blob, ok := result.File(bootName)
	if !ok {
		return found, nil, false
	}
	text, err := cache.Read(b.ctx, b.store, blob)
	var v booted
	if err != nil || json.Unmarshal(text, &v) != nil || v.Positions != "" && v.Positions != positionsOf(s.Function) {
		return found, nil, false
	}
	return v.Boot, v.Diagnostics, true
}

// Keep takes a result. It is kept only if it is a pass that another run would repeat: the
// artifact ran, contained, and, if its source was started, like it.
func (b *Boots) Keep(s Started, result packager.Boot, diagnostics []analyzer.Diagnostic) {
	if b == nil || result.Status != boot.Loads && result.Status != boot.Answers || len(result.Uncontained) > 0 || len(result.Differences) > 0 {
		return
	}
	if analyzer.ExitStatus(diagnostics) != 0 {
		return
	}
	if source := result.Source; s.OnSource && (source == nil || source.Verdict != boot.RunsAsSource && source.Verdict != boot.LoadsAsSource) {
		return
	}
	key, ok := b.key(s)
	if !ok {
		return
	}
	k := keptBoot{key, s.OnSource, booted{Boot: result, Diagnostics: diagnostics}}
	for _, d := range diagnostics {
		if d.File == s.Function.File && d.File != "" {
			k.value.Positions = positionsOf(s.Function)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept = append(b.kept, k)
}

// Close writes what may be kept.
func (b *Boots) Close() {
	if b == nil {
		return
	}
	defer b.store.Close()
	defer b.files.Close()
	same := true
	for _, k := range b.kept {
		if k.onSource {
			before := b.tree()
			again := b.files.Again()
			b.files.Close()
			b.files = again
			same = b.sources() == before // nothing changed meanwhile
			break
		}
	}
	for _, k := range b.kept {
		if k.onSource && !same || b.ctx.Err() != nil {
			continue
		}
		text, err := json.Marshal(k.value)
		if err != nil {
			continue
		}
		blob, err := cache.Write(b.ctx, b.store, text)
		if err != nil {
			break
		}
		_ = b.store.SetResult(b.ctx, k.key, cache.Result{Files: []cache.File{{Name: bootName, Digest: blob}}})
	}
	_ = b.index.Save(b.ctx, b.store)
}

// sources is a digest of the files that a source may open: the project's own, and installed
// packages. It is "" where these are not all below the root.
func (b *Boots) sources() string {
	sum := sha256.New()
	var modules []string
	for _, entry := range b.files.Tree(b.skip) {
		name, kind, _ := strings.Cut(entry, "\x00")
		if sourcetree.LeftOut(name) {
			continue
		}
		if path.Base(name) == "node_modules" {
			modules = append(modules, name)
		}
		p, err := b.files.Judge(name)
		if strings.HasPrefix(path.Base(name), ".pnp.") {
			return "" // packages are in archives
		}
		content := ""
		if err == nil && p.Info.Mode().IsRegular() {
			if content, err = b.index.Hash(p.Path, p.Info); err != nil {
				return ""
			}
		}
		target := ""
		if kind == "l" {
			target, _ = os.Readlink(filepath.Join(b.project.Root, filepath.FromSlash(name)))
		}
		fmt.Fprintf(sum, "%q %s %q %s\n", name, kind, target, content)
	}
	for _, name := range modules {
		digest, ok := b.packages(filepath.Join(b.project.Root, filepath.FromSlash(name)))
		if !ok {
			return ""
		}
		fmt.Fprintf(sum, "%q %s\n", name, digest)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// packages is a digest of all in a folder of installed packages. Where no file's stamp has
// changed since an earlier run, their contents are not read.
func (b *Boots) packages(dir string) (digest string, ok bool) {
	if info, err := os.Lstat(dir); err != nil || !info.IsDir() {
		return "", false
	}
	type file struct {
		name string
		info fs.FileInfo
		link string
	}
	var files []file
	stamps := sha256.New()
	settled := true
	err := filepath.WalkDir(dir, func(at string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		f := file{name: at[len(dir):], info: info}
		if info.Mode()&fs.ModeSymlink != 0 {
			if f.link, err = os.Readlink(at); err != nil {
				return err
			}
		}
		files = append(files, f)
		stamp, known := cache.StampOf(info)
		settled = settled && known && cache.Settled(info, b.began)
		fmt.Fprintf(stamps, "%s %s %s %s\n", f.name, info.Mode(), f.link, stamp)
		return nil
	})
	if err != nil {
		return "", false
	}
	key := cache.Of(cache.Command{Arguments: []string{"featherpack", "packages", "1", hex.EncodeToString(stamps.Sum(nil))}}.Encode())
	const known = "digest"
	if settled {
		if result, err := b.store.Result(b.ctx, key); err == nil {
			if blob, ok := result.File(known); ok {
				if text, err := cache.Read(b.ctx, b.store, blob); err == nil {
					return string(text), true
				}
			}
		}
	}
	sum := sha256.New()
	for _, f := range files {
		content := f.link
		if f.info.Mode().IsRegular() {
			if content, err = projectfs.HashFile(dir+f.name, f.info); err != nil {
				return "", false
			}
		}
		fmt.Fprintf(sum, "%q %s %q\n", f.name, f.info.Mode(), content)
	}
	digest = hex.EncodeToString(sum.Sum(nil))
	if settled {
		if blob, err := cache.Write(b.ctx, b.store, []byte(digest)); err == nil {
			_ = b.store.SetResult(b.ctx, key, cache.Result{Files: []cache.File{{Name: known, Digest: blob}}})
		}
	}
	return digest, true
}
