package unbundled

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/klauspost/compress/flate"

	"github.com/featherpack/featherpack/analyzer/parallel"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// Measurer measures unbundled zips. Functions with the same folders have the same
// one, which is measured once. [Measurer.Measure] may be called by many goroutines.
type Measurer struct {
	mu       sync.Mutex
	packages *installed.Tree
	exact    bool
	known    map[source]*packager.Unbundled
	// listed are the files of installed packages, by folder: services share them.
	listed map[string][]naiveFile
	// Earlier has what earlier runs have compressed. nil compresses all.
	Earlier *Earlier
	kept    *Listed // may be nil
}

// Earlier is what earlier runs have compressed.
type Earlier struct {
	// Hash may know a file's SHA-256 without reading the file.
	Hash projectfs.Hash
	// Sample returns what compress makes of the files with this digest, from an earlier run
	// if it can.
	Sample func(digest string, compress func() [2][folds]int64) [2][folds]int64
	// Files returns sizes of files in a zip, by their SHA-256, that [Earlier.Keep] has last
	// been given for files of these names. Most files of a sample that differs are the same.
	Files func(names string) map[string]int64
	Keep  func(names string, sizes map[string]int64)
}

// Listed are the files of installed packages, with what shows whether they have changed. The
// zero value works. It is for one measurer at a time.
type Listed struct {
	of      map[string]listing
	checked chan struct{} // closed once changed packages are forgotten
}

type listing struct {
	files []naiveFile
	seen  *projectfs.Seen
}

// check forgets the packages that have changed, while its caller does something else.
func (l *Listed) check() {
	l.wait()
	of, checked := l.of, make(chan struct{})
	l.checked = checked
	go func() {
		defer close(checked)
		maps.DeleteFunc(of, func(_ string, one listing) bool { return !one.seen.Same() })
	}()
}

func (l *Listed) wait() {
	if l.checked != nil {
		<-l.checked
	}
}

// find returns the files of a package, nil where they must be listed again.
func (l *Listed) find(dir string) (files []naiveFile, known bool) {
	if l == nil {
		return nil, false
	}
	l.wait()
	one, known := l.of[dir]
	return one.files, known
}

func (l *Listed) add(dir string, one listing) {
	if l == nil {
		return
	}
	l.wait()
	if l.of == nil {
		l.of = map[string]listing{}
	}
	l.of[dir] = one
}

// Keep makes the measurer use what an earlier one has listed, and list for later ones.
func (m *Measurer) Keep(l *Listed) {
	l.check()
	m.kept = l
}

// source is the folder of the code, relative to the root, and that of the
// package.json that lists the dependencies.
type source struct{ code, packageDir string }

// New returns a Measurer. If exact is set it compresses every file, else a sample.
func New(packages *installed.Tree, exact bool) *Measurer {
	return &Measurer{packages: packages, exact: exact, known: map[source]*packager.Unbundled{}, listed: map[string][]naiveFile{}}
}

// Measure measures a zip of the files below code, a folder relative to the root, and of
// the production dependencies that packageDir's package.json lists. It returns nil if
// there are no files.
func (m *Measurer) Measure(code, packageDir string) *packager.Unbundled {
	m.mu.Lock()
	defer m.mu.Unlock()
	from := source{code, packageDir}
	u, ok := m.known[from]
	if !ok {
		u = m.measure(from)
		m.known[from] = u
	}
	return u
}

// naiveFile is a file of the unbundled zip: its name there, its path on disk, its size in
// bytes, and what the system says of it.
type naiveFile struct {
	name, at string
	size     int64
	info     fs.FileInfo
}

func (m *Measurer) measure(from source) *packager.Unbundled {
	files := m.naiveFiles(m.packages.Absolute(from.code), nil, ownFile)
	production := slices.Sorted(maps.Keys(m.packages.Production(from.packageDir, nil)))
	m.list(production)
	for _, dir := range production {
		prefix := "node_modules/" + installed.NameOf(m.packages.Relative(dir)) + "/"
		for _, f := range m.listed[dir] {
			f.name = prefix + f.name
			files = append(files, f)
		}
	}
	if len(files) == 0 {
		return nil
	}
	u := &packager.Unbundled{Files: len(files)}
	for _, f := range files {
		u.Bytes += f.size
	}
	m.projectZip(u, files)
	return u
}

// list lists the files of installed packages, several at a time.
func (m *Measurer) list(dirs []string) {
	var missing []string
	for _, dir := range dirs {
		if _, known := m.listed[dir]; known {
			continue
		}
		if files, known := m.kept.find(dir); known {
			m.listed[dir] = files
			continue
		}
		missing = append(missing, dir)
	}
	found := make([]listing, len(missing))
	parallel.Each(len(missing), func(i int) {
		var seen *projectfs.Seen
		if m.kept != nil {
			seen = projectfs.NewSeen()
		}
		found[i] = listing{m.naiveFiles(missing[i], seen, func(name string, _ bool) bool { return name != "node_modules" }), seen}
	})
	for i, dir := range missing {
		m.listed[dir] = found[i].files
		m.kept.add(dir, found[i])
	}
}

// ownFile reports whether a plain zip of a code folder would contain an entry.
func ownFile(name string, dir bool) bool {
	return name != "node_modules" && !(dir && strings.HasPrefix(name, ".")) && !strings.HasPrefix(name, ".env")
}

// naiveFiles lists the regular files below dir that keep agrees with, sorted, and notes what
// was seen.
func (m *Measurer) naiveFiles(dir string, seen *projectfs.Seen, keep func(name string, dir bool) bool) []naiveFile {
	var files []naiveFile
	// An unreadable folder counts as empty here; building reports it if it is needed.
	_ = fs.WalkDir(m.packages.Folder(dir), ".", func(rel string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if rel != "." && !keep(entry.Name(), entry.IsDir()) {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !entry.IsDir() && !entry.Type().IsRegular() {
			return nil
		}
		if info, err := entry.Info(); err == nil {
			at := filepath.Join(dir, filepath.FromSlash(rel))
			seen.Note(at, info)
			if !entry.IsDir() {
				files = append(files, naiveFile{rel, at, info.Size(), info})
			}
		}
		return nil
	})
	return files
}

// zipOverhead is what a zip adds for an entry beside its data: a local header
// of 30 bytes, a central one of 46, and the name in both. Source: APPNOTE 6.3.10.
func zipOverhead(name string) int64 { return 76 + 2*int64(len(name)) }

// folds is the number of samples that the projection's range is drawn from.
const folds = 8

// sampleBytes bounds what is compressed for a projection: about 0.2 CPU s.
const sampleBytes = 4 << 20

// projectZip fills in the zip's size. If m.exact is set, every file is deflated
// at level 9. Otherwise a sample drawn evenly over the sorted files is, and the
// ratio of the whole sample is applied to all; the range spans the ratios of
// its eight parts.
func (m *Measurer) projectZip(u *packager.Unbundled, files []naiveFile) {
	slices.SortFunc(files, func(a, b naiveFile) int { return strings.Compare(a.at, b.at) })
	overhead := int64(22)
	for _, f := range files {
		overhead += zipOverhead(f.name)
	}
	stride := 1
	if !m.exact {
		stride = max(1, int(u.Bytes/sampleBytes))
	}
	in, out := m.compress(files, stride)
	var sumIn, sumOut int64
	low, high := 1.0, 0.0
	for i := range folds {
		sumIn, sumOut = sumIn+in[i], sumOut+out[i]
		if in[i] > 0 {
			ratio := float64(out[i]) / float64(in[i])
			low, high = min(low, ratio), max(high, ratio)
		}
	}
	if stride == 1 {
		u.ZipBytes, u.ZipExact = sumOut+overhead, true
		return
	}
	if sumIn == 0 {
		sumIn, sumOut = 1, 1
	}
	u.ZipBytes = int64(float64(u.Bytes)*float64(sumOut)/float64(sumIn)) + overhead
	u.ZipLow = int64(float64(u.Bytes)*low) + overhead
	u.ZipHigh = int64(float64(u.Bytes)*high) + overhead
}

// compress returns the bytes of every stride-th file before and after compression, divided
// into folds.
func (m *Measurer) compress(files []naiveFile, stride int) (in, out [folds]int64) {
	var sample []naiveFile
	var held int64
	for i := 0; i < len(files); i += stride {
		sample = append(sample, files[i])
		held += files[i].size
	}
	if m.Earlier == nil || held > 2*sampleBytes {
		in, out, _ = m.deflated(sample, nil, nil)
		return in, out
	}
	contents, names, sums := sha256.New(), sha256.New(), make([]string, len(sample))
	for i, f := range sample {
		fmt.Fprintf(names, "%q\n", m.packages.Relative(f.at))
		if sums[i] = m.sum(f); sums[i] != "" {
			fmt.Fprintf(contents, "%d %s\n", i%folds, sums[i])
		}
	}
	both := m.Earlier.Sample(hex.EncodeToString(contents.Sum(nil)), func() [2][folds]int64 {
		of := hex.EncodeToString(names.Sum(nil))
		in, out, sizes := m.deflated(sample, sums, m.Earlier.Files(of))
		m.Earlier.Keep(of, sizes)
		return [2][folds]int64{in, out}
	})
	return both[0], both[1]
}

// sum is the SHA-256 of a file in hex, "" if it cannot be read.
func (m *Measurer) sum(f naiveFile) string {
	if sum, err := m.Earlier.Hash(f.at, f.info); err == nil {
		return sum
	}
	text, err := m.packages.ReadFile(f.at) // it may lie in an archive
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// deflated compresses the files of a sample whose sizes in a zip are not known by their
// SHA-256. It returns the bytes of all before and after compression, and, if sums are given,
// the sizes of all by their SHA-256.
func (m *Measurer) deflated(sample []naiveFile, sums []string, known map[string]int64) (in, out [folds]int64, sizes map[string]int64) {
	sizes = map[string]int64{}
	var d *deflater
	for i, f := range sample {
		fold := i % folds
		if sums != nil {
			if size, ok := known[sums[i]]; ok {
				in[fold], out[fold], sizes[sums[i]] = in[fold]+f.size, out[fold]+size, size
				continue
			}
		}
		data, err := m.packages.ReadFile(f.at)
		if err != nil {
			continue
		}
		if d == nil {
			d = newDeflater()
		}
		size := d.size(data)
		in[fold], out[fold] = in[fold]+int64(len(data)), out[fold]+size
		if sum := sha256.Sum256(data); sums != nil && sums[i] == hex.EncodeToString(sum[:]) {
			sizes[sums[i]] = size
		}
	}
	return in, out, sizes
}

// deflater measures how large data is in a zip. Making a writer costs more than
// compressing a small file with it, so one serves all.
type deflater struct {
	w *flate.Writer
	n written
}

// written counts bytes.
type written int64

func (n *written) Write(data []byte) (int, error) {
	*n += written(len(data))
	return len(data), nil
}

func newDeflater() *deflater {
	d := &deflater{}
	d.w, _ = flate.NewWriter(&d.n, flate.BestCompression) // the level is one there is
	return d
}

// size is that of data in a zip, in bytes: deflated at level 9, or stored.
func (d *deflater) size(data []byte) int64 {
	d.n = 0
	d.w.Reset(&d.n)
	_, err := d.w.Write(data)
	if closed := d.w.Close(); err != nil || closed != nil {
		return int64(len(data)) // counting does not fail
	}
	return min(int64(d.n), int64(len(data)))
}
