package golang

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/goflags"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/analyzer/scratch"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/golang/toolchain"
)

// Weight is the size of a function, in bytes.
type Weight struct {
	Program int64 `json:"program"`
	// Zip is the size of the zip that packager.Pack makes with default options.
	Zip int64 `json:"zip"`
}

// Measure links a function with the changes applied, zips it, and returns its size.
// It does not change the project and keeps no files: the toolchain gets the changed
// files as an overlay.
//
// Causes mask each other. So the saving of a change is the difference between two
// calls, with and without it, that both apply all changes accepted so far. A call
// links and zips a program, and compiles the packages that a new tag changes. The
// error is an [analyzer.Diagnostic], or several joined.
//
// If several changes replace the same file, the last one applies. For allowGoflags
// see [packager.Job.AllowGoflags].
func (o Builder) Measure(ctx context.Context, p analyzer.Project, f analyzer.Function, allowGoflags []string, changes ...lint.Change) (Weight, error) {
	var folders []string
	for _, c := range changes {
		folders = append(folders, c.Folders...)
	}
	b := newBuilder(packager.Job{Project: p, Graph: &analyzer.Graph{}, AllowGoflags: allowGoflags, AllowFolders: folders})
	defer b.close()
	defer b.job.Files.Close()
	t := &task{function: f}
	var err error
	if b.tools, err = toolchain.Find(ctx, p.Root, ""); err != nil {
		return Weight{}, err
	}
	b.cache = openCache(b.tools.ModCache)
	if b.store, err = openStore(o.CacheDir); err != nil {
		return Weight{}, err
	}
	folder, err := scratch.New(b.store.dir, "trial")
	if err != nil {
		return Weight{}, storeError("making a scratch folder", err)
	}
	defer folder.Close()
	work := folder.Path

	b.plan(t)
	s := t.settings
	for _, c := range changes {
		merged, err := mergeTags([]string{s.tags}, c.Tags)
		if err != nil {
			return Weight{}, err
		}
		s.tags = merged
		for _, e := range c.Experiments {
			s.experiments += "," + e
		}
	}
	overlay, err := b.writeOverlay(work, changes)
	if err != nil {
		return Weight{}, err
	}
	if overlay != "" {
		words, _ := goflags.Split(s.flags)
		if s.flags, err = goflags.Join(append(words, "-overlay="+overlay)); err != nil {
			return Weight{}, err
		}
	}
	if !t.failed() {
		b.list(ctx, s, []*task{t})
	}
	if t.failed() {
		return Weight{}, t.problems()
	}
	link := func() (Weight, error) { return b.linkAndZip(ctx, s, t, work) }
	if o.Remember != nil {
		if input, known := b.linkedFrom(ctx, s, t); known {
			return o.Remember(input, link)
		}
	}
	return link()
}

// linkAndZip links a task's program into a folder, zips it, and returns its size.
func (b *builder) linkAndZip(ctx context.Context, s settings, t *task, work string) (Weight, error) {
	closure := func(*toolchain.Package) []*toolchain.Package { return t.closure }
	for _, d := range b.goBuild(ctx, s, work, []*toolchain.Package{t.main}, closure, "-w")[t.main] {
		t.report(d)
	}
	if t.failed() {
		return Weight{}, t.problems()
	}
	program := filepath.Join(work, "shipped")
	if err := s.ship(filepath.Join(work, executable(t.main)), program); err != nil {
		if errors.Is(err, errNotStripped) {
			err = unstrippable()
		}
		return Weight{}, err
	}
	info, err := os.Stat(program)
	if err != nil {
		return Weight{}, storeError("reading the linked program", err)
	}
	artifact, err := packager.Pack(ctx, packager.Bundle{
		Function: t.function, ID: "trial", Graph: b.job.Graph,
		Files: []packager.File{{Name: "bootstrap", Source: program}},
	}, filepath.Join(work, "out"), packager.Options{})
	if err != nil {
		return Weight{}, fmt.Errorf("zipping the trial: %w", err)
	}
	return Weight{Program: info.Size(), Zip: artifact.ZipBytes}, nil
}

// problems are the errors of a task.
func (t *task) problems() error {
	var all []error
	for _, d := range t.diagnostics {
		if d.Severity == analyzer.Error || d.Severity == analyzer.Refused {
			all = append(all, d)
		}
	}
	return errors.Join(all...)
}

// linkedFrom returns a digest of all that a task's program is linked from: the build IDs of
// its packages, which the go command computes from their contents, their flags and its
// compiler, and the settings of the linker. It compiles the packages that are not in the go
// command's cache. It returns false if it does not know all of it, such as the C linker.
// https://pkg.go.dev/cmd/go#hdr-List_packages_or_modules
func (b *builder) linkedFrom(ctx context.Context, s settings, t *task) (string, bool) {
	if s.cgo {
		return "", false
	}
	var ids bytes.Buffer
	args := append(s.args("list"), "-export", "-deps", "-f={{.ImportPath}} {{.BuildID}}", "--", pattern(s.home, t.dir))
	if _, err := b.tools.Run(ctx, s.home, s.env(), &ids, args...); err != nil {
		return "", false // a build reports it
	}
	sum := sha256.New()
	for line := range strings.Lines(ids.String()) {
		path, id, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if id == "" && path != "unsafe" {
			return "", false
		}
		fmt.Fprintf(sum, "%q %q\n", path, id)
	}
	fmt.Fprintf(sum, "%q %q %q %q %q", b.tools.Version, b.tools.Shown, s.goarch, s.ldflags, s.experiments)
	words, _ := goflags.Split(s.flags)
	for _, word := range words {
		if !strings.HasPrefix(word, "-overlay=") { // its texts are in the build IDs
			fmt.Fprintf(sum, " %q", word)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), true
}

// writeOverlay writes the changed files and the go command's overlay JSON. It
// returns the path of the JSON, or "" if nothing is changed.
// https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies
func (b *builder) writeOverlay(work string, changes []lint.Change) (string, error) {
	replace := map[string]string{}
	b.originals = map[string]string{}
	written := 0 // may exceed len(replace): a later change may replace the same file
	for _, c := range changes {
		for name, text := range c.Overlay {
			if !fs.ValidPath(name) || strings.Contains(name, `\`) || !slices.Contains([]string{".go", ".mod", ".sum", ".s"}, filepath.Ext(name)) {
				return "", analyzer.Diagnostic{
					Code: "outside-root", Severity: analyzer.Refused,
					Message: fmt.Sprintf("a change to %q cannot be tried", name), Hint: "only source files below the project's root can be replaced",
				}
			}
			file := filepath.Join(work, fmt.Sprintf("overlay%d%s", written, filepath.Ext(name)))
			written++
			if err := os.WriteFile(file, text, 0o644); err != nil {
				return "", storeError("writing a trial", err)
			}
			real := filepath.Join(b.job.Project.Root, filepath.FromSlash(name))
			if rest, ok := strings.CutPrefix(name, "$GOROOT/"); ok {
				real = filepath.Join(b.tools.GOROOT, filepath.FromSlash(rest))
			}
			replace[real] = file
			b.originals[file] = real
		}
	}
	if len(replace) == 0 {
		return "", nil
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file := filepath.Join(work, "overlay.json")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return "", storeError("writing a trial", err)
	}
	return file, nil
}
