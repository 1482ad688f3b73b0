package packager

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// Options are the settings of [Pack].
type Options struct {
	// Compress is "" or "default", "fast" or "best". deflate.go lists their encoders
	// with measured sizes and times.
	Compress string
	// Earlier has zips of earlier runs. It may be nil.
	Earlier Earlier
}

// Earlier keeps zips by what they hold. It may be used by many goroutines.
type Earlier interface {
	// Find returns a zip of these files and its description, which has no Name, Path or
	// Shares. The files are sorted by name.
	Find(ctx context.Context, files []File, compress string) (zip Stored, a Artifact, ok bool)
	// Keep takes a zip that was written.
	Keep(ctx context.Context, a Artifact, compress string, zip func() (io.ReadCloser, error))
}

// Pack writes the bundle's zip as dir/<ID>.zip, and its Beside files below dir.
//
// The zip's bytes depend only on the names and contents of the bundle's files and
// on [Options]. A file appears under its name only when it is complete and
// verified, the zip last; until then an older file stays. Pack removes temporary
// files that an interrupted run left in dir, but not those of a running one. Any
// number of Packs may share dir. Nothing outside dir is written, even if a link takes
// its place meanwhile.
//
// Memory is limited to a few MiB however large the files are, because files with a
// Source are streamed. The errors are [analyzer.Diagnostic]s, several of them
// joined with the most severe first, or ctx's own error.
func Pack(ctx context.Context, b Bundle, dir string, o Options) (Artifact, error) {
	root, err := makeRoot(dir)
	if err != nil {
		return Artifact{}, withFunction(b.ID, err)
	}
	defer root.Close()
	return PackTo(ctx, b, root, o)
}

// PackTo is Pack into an open folder.
func PackTo(ctx context.Context, b Bundle, root *os.Root, o Options) (Artifact, error) {
	artifact, err := pack(ctx, b, root, o)
	if err != nil {
		return Artifact{}, withFunction(b.ID, err)
	}
	return artifact, nil
}

func pack(ctx context.Context, b Bundle, root *os.Root, o Options) (Artifact, error) {
	zipName := b.ID + ".zip"
	compress, err := effortNamed(o.Compress)
	if err != nil {
		return Artifact{}, err
	}
	twins, err := checkNames(b, zipName)
	if err != nil {
		return Artifact{}, err
	}
	out, err := openOutDir(ctx, root)
	if err != nil {
		return Artifact{}, err
	}
	defer out.close()

	for _, f := range byName(b.Beside) {
		draft, err := out.draft(f.Name)
		if err != nil {
			return Artifact{}, err
		}
		if err := copyFile(ctx, draft, f); err != nil {
			return Artifact{}, err
		}
		if err := draft.finish(); err != nil {
			return Artifact{}, err
		}
	}

	files := byName(b.Files)
	artifact, found := out.earlier(ctx, zipName, files, o)
	if !found {
		if artifact, err = out.zip(ctx, zipName, files, compress); err != nil {
			return Artifact{}, err
		}
	}
	if artifact.Shares, err = attribute(b.inGraph(), files, artifact); err != nil {
		return Artifact{}, err
	}
	artifact.Name, artifact.Path, artifact.Diagnostics = zipName, out.path(zipName), twins
	for i := range artifact.Diagnostics {
		artifact.Diagnostics[i].Function = b.ID
	}
	if err := out.publish(ctx); err != nil {
		return Artifact{}, err
	}
	if o.Earlier != nil && !found {
		o.Earlier.Keep(ctx, artifact, o.Compress, func() (io.ReadCloser, error) { return root.Open(filepath.FromSlash(zipName)) })
	}
	return artifact, nil
}

// zip writes, verifies and describes a new zip.
func (o *outDir) zip(ctx context.Context, name string, files []File, compress *encoder) (Artifact, error) {
	draft, err := o.draft(name)
	if err != nil {
		return Artifact{}, err
	}
	records, err := writeZip(ctx, draft, files, compress)
	if err != nil {
		return Artifact{}, err
	}
	if err := draft.finish(); err != nil {
		return Artifact{}, err
	}
	return inspect(ctx, draft, records)
}

// earlier writes the zip of an earlier run, if there is one of these files.
func (o *outDir) earlier(ctx context.Context, name string, files []File, options Options) (a Artifact, found bool) {
	if options.Earlier == nil {
		return a, false
	}
	zip, a, ok := options.Earlier.Find(ctx, files, options.Compress)
	if !ok || len(a.Entries) != len(files) || a.SHA256 != zip.SHA256 {
		return Artifact{}, false
	}
	zip.Name, a.Earlier = name, true
	return a, o.copy(zip) == nil
}

// writeZip writes the sorted files as a zip to the empty w.
func writeZip(ctx context.Context, w store, files []File, compress *encoder) ([]record, error) {
	z := zipWriter{w: w}
	for _, f := range files {
		if err := z.add(ctx, f, compress); err != nil {
			return nil, err
		}
	}
	return z.records, z.finish()
}

// inspect reopens the written zip, verifies it and describes it.
func inspect(ctx context.Context, d *draft, records []record) (Artifact, error) {
	f, err := d.reopen()
	if err != nil {
		return Artifact{}, err
	}
	defer f.Close()
	size, err := verify(ctx, f, records)
	if err != nil {
		return Artifact{}, cannotWrite(d.name, err)
	}
	digest := sha256.New()
	if _, err := io.Copy(digest, io.NewSectionReader(f, 0, size)); err != nil {
		return Artifact{}, cannotWrite(d.name, err)
	}
	sum := digest.Sum(nil)
	a := Artifact{
		ZipBytes:   size,
		SHA256:     hex.EncodeToString(sum),
		CodeSHA256: base64.StdEncoding.EncodeToString(sum),
		Entries:    make([]Entry, len(records)),
	}
	for i, r := range records {
		a.UnzippedBytes += int64(r.size)
		a.Entries[i] = Entry{
			Name: r.name, Bytes: int64(r.size), ZipBytes: int64(r.packed),
			Mode: r.mode, SHA256: hex.EncodeToString(r.sha256[:]),
		}
	}
	return a, nil
}

// copyFile writes f unchanged.
func copyFile(ctx context.Context, w store, f File) error {
	src, err := openSource(f)
	if err != nil {
		return err
	}
	defer src.close()
	traits, err := src.survey(ctx)
	if err != nil {
		return err
	}
	_, err = src.copyTo(ctx, io.NewOffsetWriter(w, 0), traits)
	return err
}

func byName(files []File) []File {
	return slices.SortedFunc(slices.Values(files), func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
}
