package reuse

import (
	"context"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/cache"
	"github.com/featherpack/featherpack/reporters"
)

// kept is a function that was built and may be kept.
type kept struct {
	built reporters.Built
	// sources are the files that were packed as they are, relative to the root.
	sources []string
	beside  []string
}

// own are the files that concern the function and no other.
func (k kept) own() []string { return slices.Concat(k.built.Bundle.Reads.Modules, k.sources) }

// Packing notes the files that a bundle packs as they are. It is called before they are read.
func (r *Run) Packing(b packager.Bundle) {
	if b.Reads == nil {
		return
	}
	for _, f := range append(append([]packager.File(nil), b.Files...), b.Beside...) {
		if f.Content == nil && f.Source != "" {
			r.recorded.NoteModule(f.Source)
		}
	}
}

// Keep takes a function that was packed, with the files that its zip was made of.
func (r *Run) Keep(built reporters.Built, files, beside []packager.File) {
	b := built.Bundle
	if b.Reads == nil || built.Artifact == nil || b.Failed() || never(b.Function) != "" || len(b.Reads.Inputs) != len(b.Reached) {
		return
	}
	k := kept{built: built}
	k.built.Bundle.Files, k.built.Bundle.Beside, k.built.Bundle.Hold = nil, nil, nil // their contents would stay in memory
	for _, f := range append(append([]packager.File(nil), files...), beside...) {
		if f.Content != nil || f.Source == "" {
			continue
		}
		name, err := filepath.Rel(r.project.Root, f.Source)
		if err != nil {
			return
		}
		k.sources = append(k.sources, filepath.ToSlash(name))
	}
	for _, f := range beside {
		k.beside = append(k.beside, f.Name)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept = append(r.kept, k)
}

// KeepBuilt is called once everything is built. What may be kept is written from then on, while
// the caller makes its report.
func (r *Run) KeepBuilt() {
	if len(r.kept) == 0 || r.ctx.Err() != nil {
		return
	}
	r.keeping, r.added = make(chan struct{}), map[string]taken{}
	go func() {
		defer close(r.keeping)
		r.keepAll()
	}()
}

// settle waits until what was built is kept.
func (r *Run) settle() {
	if r.keeping != nil {
		<-r.keeping
		maps.Copy(r.taken, r.added)
		r.keeping = nil
	}
}

// Close ends the run when everything that may be kept is written. A store that cannot be
// written to is no error.
func (r *Run) Close() {
	defer r.close()
	if r.added == nil { // the build ended early
		r.KeepBuilt()
	}
	r.settle()
	if m := r.settings.Memory; m != nil {
		if r.ctx.Err() == nil && len(r.kept) == r.missing {
			m.keep(r)
		} else { // what was read is not all known
			m.Close()
		}
	}
	if r.whole != nil && r.whole.report != nil && r.ctx.Err() == nil {
		r.keepWhole()
	}
	_ = r.index.Save(r.ctx, r.store)
}

func (r *Run) keepAll() {
	common, modules, err := r.record.Settle(r.recorded, r.index.Hash)
	if err != nil {
		return
	}
	owned := map[string]bool{}
	for _, k := range r.kept {
		for _, name := range k.own() {
			owned[name] = true
		}
	}
	for name, is := range modules {
		if !owned[name] { // who needed it is not known
			if is == (projectfs.Content{}) {
				return
			}
			common.Files[name] = is.SHA256
		}
	}
	shared, err := r.putPacked(common)
	if err != nil {
		return
	}
	manifests, err := r.putManifests(common)
	if err != nil {
		return
	}
	g := newNodes(r.graph)
	values := make([]value, len(r.kept))
	for i, k := range r.kept {
		values[i] = g.value(k.built)
	}
	graph, err := r.putPacked(g.nodes)
	if err != nil {
		return
	}
	for i, k := range r.kept {
		if err := r.keep(k, values[i], candidate{Common: shared, Manifests: manifests}, graph, common, modules); err != nil {
			return
		}
	}
}

// keep writes one function. It returns an error if the store fails.
func (r *Run) keep(k kept, v value, c candidate, graph cache.Digest, common projectfs.Answers, modules map[string]projectfs.Content) error {
	b := k.built.Bundle
	if _, known := r.asked[b.ID]; !known {
		return nil
	}
	c.Modules = map[string]cache.Digest{}
	own := map[string]projectfs.Content{}
	if b.Reads.All {
		maps.Copy(own, modules)
	}
	for _, name := range k.own() {
		is, known := modules[name]
		if !known {
			if _, known = common.Files[name]; known || strings.Contains(name, ":") {
				continue // common, or a module of ours, which is part of featherpack
			}
		}
		own[name] = is
	}
	for name, is := range own {
		if is == (projectfs.Content{}) {
			return nil // it changed during the build
		}
		c.Modules[name] = cache.Digest{Hash: is.SHA256, Size: is.Bytes}
	}
	if p := b.Reads.Patterns; p != nil {
		files := r.recorded.Again()
		answers, more, err := p.Settle(files, r.index.Hash)
		files.Close()
		if err != nil || len(more) > 0 {
			return nil
		}
		if c.Patterns, err = r.putPacked(answers); err != nil {
			return err
		}
	}
	result := cache.Result{Files: []cache.File{{Name: nodesName, Digest: graph}}}
	blob, err := r.putPacked(v)
	if err != nil {
		return err
	}
	result.Files = append(result.Files, cache.File{Name: valueName, Digest: blob})
	for _, name := range append([]string{k.built.Artifact.Name}, k.beside...) {
		digest, err := r.putOut(name)
		if err != nil {
			return err
		}
		if name == k.built.Artifact.Name && digest.Hash != k.built.Artifact.SHA256 {
			return nil // something else wrote to the out-dir
		}
		result.Files = append(result.Files, cache.File{Name: outPrefix + name, Digest: digest})
	}
	key := r.key(r.asked[b.ID])
	c.Action = c.action(key)
	if err := r.store.SetResult(r.ctx, c.Action, result); err != nil {
		return err
	}
	if err := r.list(key, c); err != nil {
		return err
	}
	r.offer(key, c, true)
	r.added[b.ID] = taken{c, result}
	return r.remember(r.asked[b.ID])
}

// list keeps a build as the first of those on this disk.
func (r *Run) list(key cache.Digest, c candidate) error {
	list, err := listOf(r.ctx, r.store, c, r.candidates(key))
	if err != nil {
		return err
	}
	return r.store.SetResult(r.ctx, key, list)
}

// listOf keeps the list of a build and older ones.
func listOf(ctx context.Context, store cache.Store, c candidate, older []candidate) (cache.Result, error) {
	all := []candidate{c}
	for _, other := range older {
		if other.Action != c.Action {
			all = append(all, other)
		}
	}
	blob, err := putPacked(ctx, store, all[:min(len(all), maxCandidates)])
	return cache.Result{Files: []cache.File{{Name: candidatesName, Digest: blob}}}, err
}

// putOut keeps a file of the out-dir.
func (r *Run) putOut(name string) (cache.Digest, error) {
	f, err := r.root.Open(filepath.FromSlash(name))
	if err != nil {
		return cache.Digest{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return cache.Digest{}, err
	}
	sum, err := projectfs.HashFile(filepath.Join(r.root.Name(), filepath.FromSlash(name)), info)
	if err != nil {
		return cache.Digest{}, err
	}
	d := cache.Digest{Hash: sum, Size: info.Size()}
	return d, r.store.Put(r.ctx, d, f)
}

// action is the key of the result of a build with this first key.
func (c candidate) action(key cache.Digest) cache.Digest {
	return cache.Of(cache.Action{Command: key, Input: inputOf(c)}.Encode())
}

// inputOf is the root of a candidate's input: a tree of the function's own files, beside the
// answers that it shares with others.
func inputOf(c candidate) cache.Digest {
	root := cache.Directory{Files: []cache.File{{Name: "answers", Digest: c.Common}}}
	if c.Patterns != (cache.Digest{}) {
		root.Files = append(root.Files, cache.File{Name: "patterns", Digest: c.Patterns})
	}
	folders := map[string]*cache.Directory{".": {}}
	var folder func(name string) *cache.Directory
	folder = func(name string) *cache.Directory {
		d := folders[name]
		if d == nil {
			d = &cache.Directory{}
			folders[name] = d
			folder(path.Dir(name))
		}
		return d
	}
	for _, name := range sortedKeys(c.Modules) {
		d := folder(path.Dir(name))
		d.Files = append(d.Files, cache.File{Name: path.Base(name), Digest: c.Modules[name]})
	}
	names := sortedKeys(folders)
	for i := len(names) - 1; i >= 0; i-- { // those inside others first
		name := names[i]
		if name == "." {
			continue
		}
		up := folders[path.Dir(name)]
		up.Folders = append(up.Folders, cache.Folder{Name: path.Base(name), Digest: cache.Of(folders[name].Encode())})
	}
	root.Folders = []cache.Folder{{Name: "own", Digest: cache.Of(folders["."].Encode())}}
	return cache.Of(root.Encode())
}

// sharedNodes collects the nodes of many functions.
type sharedNodes struct {
	nodes
	graph *analyzer.Graph
	paths map[string]int
	known map[string]int // by what a node is
	added map[*analyzer.Input]int
}

func newNodes(g *analyzer.Graph) *sharedNodes {
	return &sharedNodes{graph: g, paths: map[string]int{}, known: map[string]int{}, added: map[*analyzer.Input]int{}}
}

func (n *sharedNodes) path(name string) int {
	i, ok := n.paths[name]
	if !ok {
		i = len(n.Paths)
		n.paths[name] = i
		n.Paths = append(n.Paths, name)
	}
	return i
}

func (n *sharedNodes) add(in analyzer.Input) int {
	of := n.path(in.Path)
	in.Path = ""
	imports := make([]analyzer.Import, len(in.Imports))
	for i, im := range in.Imports {
		im.To = n.path(n.graph.Inputs[im.To].Path)
		imports[i] = im
	}
	in.Imports = imports
	key := string(append(pack(in), byte(of), byte(of>>8), byte(of>>16), byte(of>>24)))
	i, ok := n.known[key]
	if !ok {
		i = len(n.Inputs)
		n.known[key] = i
		n.Inputs, n.Of = append(n.Inputs, in), append(n.Of, of)
	}
	return i
}

// value encodes a function's part of the report.
func (n *sharedNodes) value(built reporters.Built) value {
	b, a := built.Bundle, *built.Artifact
	v := value{
		Entry: -1, Reached: make([]int, len(b.Reached)), Waterfall: b.Waterfall, Kept: b.Kept, Settings: b.Settings,
		Diagnostics: b.Diagnostics, Artifact: a, Warnings: a.Diagnostics,
	}
	for i, in := range b.Reads.Inputs {
		at, added := n.added[in]
		if !added {
			at = n.add(*in)
			n.added[in] = at
		}
		v.Reached[i] = at
		if b.Reached[i] == b.Entry {
			v.Entry = v.Reached[i]
		}
	}
	for _, in := range b.Reads.Copied {
		v.Copied = append(v.Copied, n.add(in))
	}
	for _, s := range a.Shares {
		input := -1
		if s.Input >= 0 {
			input = n.path(n.graph.Inputs[s.Input].Path)
		}
		v.Shares = append(v.Shares, share{input, s.Row, s.Unzipped, s.Zipped})
	}
	for _, d := range append(append([]analyzer.Diagnostic(nil), b.Diagnostics...), a.Diagnostics...) {
		if d.File == b.Function.File && b.Function.File != "" {
			v.Positions = positionsOf(b.Function)
		}
	}
	return v
}
