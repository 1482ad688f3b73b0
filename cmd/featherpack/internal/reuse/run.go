package reuse

import (
	"context"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/cache"
	"github.com/featherpack/featherpack/packager/cache/remote"
	"github.com/featherpack/featherpack/packager/node"
	"github.com/featherpack/featherpack/reporters"
)

// Settings are those of a run that its results depend on, besides the functions' own.
type Settings struct {
	Compress               string
	Waterfall, ExactBefore bool
	AllowOutside           bool
	// Writes are the absolute folders that the run writes to.
	Writes []string
	// Remote is a cache behind the store, nil for none.
	Remote *remote.Cache
	// Functions are those of the run.
	Functions []analyzer.Function
	// Memory is that of earlier runs in this process. It may be nil.
	Memory *Memory
	// Trial means that the functions are changed for a trial: a later build is not compared
	// with it to explain what has changed.
	Trial bool
}

// Run is the work of one build with a store.
type Run struct {
	ctx      context.Context
	store    *cache.Disk
	lasting  *cache.Disk // the same for uploads, once there is one
	index    *cache.Index
	project  analyzer.Project
	settings Settings
	graph    *analyzer.Graph
	root     *os.Root // of the out-dir

	recorded *projectfs.FS // what the missing functions are built with
	record   *projectfs.Record
	now      *projectfs.FS // what earlier answers are compared with
	checker  *projectfs.Checker
	sizes    *node.Sizes
	// measuring is closed when the sizes of all functions are known. It may be nil.
	measuring chan struct{}
	common    common                            // the part of the first key that all functions share
	reads     map[cache.Digest]projectfs.Change // of blobs with answers
	locks     map[string]lock                   // by folder
	// versioned are the blobs with the versions of lockfiles, by their digests.
	versioned map[string]cache.Digest
	decoded   decoded

	asked   map[string]analyzer.Function // by ID, as discovery found them
	missing int                          // of Node, to be built

	taken map[string]taken
	whole *reported
	// placed are the nodes of earlier graphs in the graph of this run.
	placed map[cache.Digest]placed

	mu   sync.Mutex
	kept []kept
	// keeping is closed once what was built is kept, and added has it then; see KeepBuilt.
	keeping chan struct{}
	added   map[string]taken
	// reasons say why a function is built, by its ID.
	reasons map[string]string
}

// Start opens a run. The graph receives the inputs of the functions that are found; root
// is the out-dir. It returns nil if nothing may be kept.
func Start(ctx context.Context, store *cache.Disk, p analyzer.Project, o Settings, graph *analyzer.Graph, root *os.Root) *Run {
	if store == nil || o.AllowOutside || o.Waterfall {
		return nil
	}
	r := &Run{
		ctx: ctx, store: store, index: store.Index(), project: p, settings: o, graph: graph, root: root,
		asked: map[string]analyzer.Function{}, reads: map[cache.Digest]projectfs.Change{}, taken: map[string]taken{}, placed: map[cache.Digest]placed{}, decoded: newDecoded(), locks: map[string]lock{}, versioned: map[string]cache.Digest{}, reasons: map[string]string{},
	}
	var err error
	if r.common, err = r.commonKey(); err != nil {
		return nil
	}
	r.now = projectfs.New(p.Root, projectfs.Allowances{})
	r.now.Remember()
	r.checker = projectfs.NewChecker(r.now, r.index.Hash, o.Writes...)
	if r.sizes, err = node.NewSizes(r.now, o.ExactBefore); err != nil {
		_ = r.now.Close()
		return nil
	}
	r.sizes.Remember(node.Compressed{Hash: r.index.Hash, Sample: r.compressed, Files: r.compressedFiles, Keep: r.keepCompressed})
	if o.Memory != nil {
		r.sizes.Keep(&o.Memory.listed)
		r.measure() // this takes as long as what follows
	}
	if o.Memory == nil || !o.Memory.open(r) {
		r.recorded = projectfs.New(p.Root, projectfs.Allowances{})
		r.record = r.recorded.Recording(o.Writes...)
	}
	return r
}

func (r *Run) close() {
	if r.measuring != nil {
		<-r.measuring
	}
	_ = r.now.Close()
	if r.whole != nil && r.whole.files != nil {
		_ = r.whole.files.Close()
	}
	_ = r.recorded.Close()
}

// Files are what the functions that are missing must be built with, and the record of it.
func (r *Run) Files() (*projectfs.FS, *projectfs.Record) { return r.recorded, r.record }

// Builder is what the functions that are missing must be built with.
func (r *Run) Builder() node.Builder {
	b := node.Builder{Sizes: r.sizes}
	if r.settings.Memory != nil {
		b.Memory = &r.settings.Memory.node
	}
	return b
}

// Reason says why a function is built, "" if it was found.
func (r *Run) Reason(id string) string { return r.reasons[id] }

// Build names the build that a function was found to be, "" if it was not found. All of its
// part of the report follows from what the name stands for, but the size of its unbundled zip.
func (r *Run) Build(id string) string {
	t, found := r.taken[id]
	if !found {
		return ""
	}
	return digestOf([]any{t.Action, t.result, r.asked[id]})
}

// Find brings a function back. It returns false if it must be built.
func (r *Run) Find(f analyzer.Function) (reporters.Built, bool) {
	b, found := r.find(f)
	if !found && f.Family == analyzer.Node {
		r.missing++
	}
	return b, found
}

func (r *Run) find(f analyzer.Function) (reporters.Built, bool) {
	r.asked[f.ID] = f
	if why := never(f); why != "" {
		r.reasons[f.ID] = why
		return reporters.Built{}, false
	}
	candidates := r.candidates(r.key(f))
	if len(candidates) == 0 {
		r.reasons[f.ID] = r.unknown(f)
		return reporters.Built{}, false
	}
	for _, c := range candidates {
		why := r.changed(c)
		if why == "" {
			var b reporters.Built
			if b, why = r.restore(f, c); why == "" {
				delete(r.reasons, f.ID)
				return b, true
			}
		}
		if r.reasons[f.ID] == "" { // the newest says most
			r.reasons[f.ID] = why
		}
	}
	return reporters.Built{}, false
}

// candidate is an earlier build of a function.
type candidate struct {
	// Common is the blob with the answers that many functions share, Patterns that with
	// those of the function's patterns, if it has any.
	Common   cache.Digest
	Patterns cache.Digest
	// Modules are the contents of the files that are the function's own, by name.
	Modules map[string]cache.Digest
	// Manifests is the blob with the fields of every package.json that was read.
	Manifests cache.Digest
	// Action is the key of the result.
	Action cache.Digest
}

// maxCandidates is how many builds of a function are kept under one first key: enough to
// change between some branches.
const maxCandidates = 4

const candidatesName = "builds"

// candidates are the builds under a first key, which their keys fit.
type candidates struct {
	key cache.Digest
	all []candidate
}

func (r *Run) candidates(key cache.Digest) []candidate {
	result, err := r.store.Result(r.ctx, key)
	if err != nil {
		return nil
	}
	blob, ok := result.File(candidatesName)
	if !ok {
		return nil
	}
	list, known := r.decoded.lists[blob]
	if !known {
		list, known = r.earlier().lists[blob]
	}
	if !known || list.key != key {
		text, err := cache.Read(r.ctx, r.store, blob)
		if err != nil {
			return nil
		}
		if list.all, ok = decodeList(text, key); !ok {
			return nil
		}
		list.key = key
	}
	r.decoded.lists[blob] = list
	return list.all
}

// decodeList reads the builds under a first key. The key of a result follows from what the
// build depends on, so one that does not was listed by mistake.
func decodeList(text []byte, key cache.Digest) (all []candidate, ok bool) {
	if unpack(text, &all) != nil || len(all) > maxCandidates {
		return nil, false
	}
	for _, c := range all {
		if !c.Common.Valid() || c.Action != c.action(key) {
			return nil, false
		}
	}
	return all, true
}

// changed says what a candidate depends on that is not as it was, "" for nothing.
func (r *Run) changed(c candidate) string {
	for _, name := range sortedKeys(c.Modules) {
		if is := r.checker.File(name, c.Modules[name].Hash); is.What != projectfs.Same {
			return r.told(is, c)
		}
	}
	for _, d := range []cache.Digest{c.Common, c.Patterns} {
		if d == (cache.Digest{}) {
			continue
		}
		is, known := r.compare(d)
		if !known {
			return evicted // so far: a server may have it
		}
		if is.What != projectfs.Same {
			return r.told(is, c)
		}
	}
	return ""
}

// compare says what of a blob with answers is not as it was. It returns false if the store
// does not have it.
func (r *Run) compare(d cache.Digest) (projectfs.Change, bool) {
	is, known := r.reads[d]
	if !known {
		answers, ok := r.answersOf(d)
		if !ok {
			return is, false
		}
		is = r.checker.Changed(answers)
		r.reads[d] = is
	}
	return is, true
}

const evicted = "its earlier build is no longer in the cache"

// restore puts a candidate's files into the out-dir and decodes its part of the report.
func (r *Run) restore(f analyzer.Function, c candidate) (b reporters.Built, why string) {
	result, err := r.store.Result(r.ctx, c.Action)
	if err != nil {
		return b, evicted
	}
	v, graph, ok := r.value(result)
	if !ok {
		return b, evicted
	}
	if v.Positions != "" && v.Positions != positionsOf(f) {
		return b, "its place in " + f.File + " changed"
	}
	stored := r.stored(result)
	zip := f.ID + ".zip"
	if !fits(f, result) || v.Artifact.Name != zip {
		return b, evicted
	}
	slices.SortStableFunc(stored, func(a, b packager.Stored) int { // the zip last
		return boolInt(a.Name == zip) - boolInt(b.Name == zip)
	})
	if len(stored) == 0 || stored[len(stored)-1].Name != zip || stored[len(stored)-1].SHA256 != v.Artifact.SHA256 {
		return b, evicted
	}
	if err := packager.Restore(r.ctx, r.root, stored, r.index.Hash); err != nil {
		return b, evicted
	}
	r.taken[f.ID] = taken{c, result}
	blob, _ := result.File(nodesName)
	return r.built(f, v, graph, r.placedOf(blob, graph)), ""
}

// stored are the files of a result that belong into the out-dir.
func (r *Run) stored(result cache.Result) (all []packager.Stored) {
	for _, file := range result.Files {
		if name, ok := strings.CutPrefix(file.Name, outPrefix); ok {
			all = append(all, packager.Stored{
				Name: name, SHA256: file.Digest.Hash, Bytes: file.Digest.Size,
				Open: func() (io.ReadCloser, error) { return r.store.Open(r.ctx, file.Digest) },
			})
		}
	}
	return all
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// never says why a function is never kept, "" if it may be.
func never(f analyzer.Function) string {
	switch {
	case f.Family != analyzer.Node:
		return "go build has its own cache"
	case f.Build.CodeCache != "":
		return "it has compiled code"
	case len(f.Build.Alias) > 0 || len(f.Build.Inject) > 0:
		return "its settings have aliases or injected files"
	}
	return ""
}
