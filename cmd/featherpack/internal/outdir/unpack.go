package outdir

import (
	"archive/zip"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
)

// unpackedDir holds a folder with the unpacked files of each function. No ID begins
// with a dot.
const unpackedDir = ".unpacked"

// Unpack unpacks every artifact into a new folder of its own. A function that runs
// there may load packages of the project around it, so it is a weaker check than
// --boot.
func (d *Dir) Unpack(r reporters.Report) error {
	top, err := d.unpackedRoot()
	if err != nil {
		return err
	}
	defer top.Close()
	for _, f := range r.Functions {
		if err := d.unpack(top, f); err != nil {
			return err
		}
	}
	return nil
}

// unpackedRoot makes and opens the folder of the unpacked files. It refuses a link.
func (d *Dir) unpackedRoot() (*os.Root, error) {
	err := d.root.Mkdir(unpackedDir, 0o755)
	if errors.Is(err, fs.ErrExist) {
		var info fs.FileInfo
		if info, err = d.root.Lstat(unpackedDir); err == nil && !info.IsDir() {
			return nil, refuse("linked-out", "remove it", "the out-dir %s has something else than a folder at %s", d.Name, unpackedDir)
		}
	}
	var top *os.Root
	if err == nil {
		top, err = d.root.OpenRoot(unpackedDir)
	}
	if err != nil {
		return nil, d.Fault(err)
	}
	// As in a zip, a .js file is CommonJS, whatever package.json the project has.
	if err = top.Remove("package.json"); err == nil || errors.Is(err, fs.ErrNotExist) {
		err = top.WriteFile("package.json", []byte("{}\n"), 0o644)
	}
	if err != nil {
		top.Close()
		return nil, d.Fault(err)
	}
	return top, nil
}

// unpackedName is the folder of a function. No function's folder is inside another's:
// "a%2Fb" is beside "a".
func unpackedName(id string) string { return strings.ReplaceAll(id, "/", "%2F") }

func (d *Dir) unpacked(id string) bool {
	_, err := d.root.Lstat(path.Join(unpackedDir, unpackedName(id)))
	return err == nil
}

func (d *Dir) unpack(top *os.Root, f reporters.Function) error {
	to := unpackedName(f.ID)
	if d.unpacked(f.ID) {
		if !d.owner.wroteBefore(f.ID) {
			return refuse("foreign-out", "remove that folder",
				"the out-dir %s contains %s, which featherpack did not write here", d.Name, path.Join(unpackedDir, to))
		}
		if err := top.RemoveAll(to); err != nil {
			return d.Fault(err)
		}
	}
	if f.Artifact == nil {
		return nil
	}
	artifact, err := d.Read(f.Artifact.Name)
	if err != nil {
		return d.Fault(err)
	}
	defer artifact.Close()
	if err := top.Mkdir(to, 0o755); err != nil {
		return d.Fault(err)
	}
	folder, err := top.OpenRoot(to)
	if err != nil {
		return d.Fault(err)
	}
	defer folder.Close()
	if err := boot.Unpack(artifact, folder); err != nil {
		return errors.Join(analyzer.Diagnostic{Code: "unpack", Severity: analyzer.Error, Function: f.ID,
			Message: fmt.Sprintf("the zip %v", err), Hint: "check the free space, or build without --unpacked"}, top.RemoveAll(to))
	}
	return nil
}

// copies are the functions whose folder holds nothing but files of the zip beside it, so that
// nothing is lost when it is replaced.
func (d *Dir) copies() (ids []string) {
	top, err := d.root.OpenRoot(unpackedDir)
	if err != nil {
		return nil
	}
	defer top.Close()
	entries, err := fs.ReadDir(top.FS(), ".")
	for _, entry := range entries {
		id := strings.ReplaceAll(entry.Name(), "%2F", "/")
		if err == nil && entry.IsDir() && unpackedName(id) == entry.Name() && d.copyOf(top, entry.Name(), id+".zip") {
			ids = append(ids, id)
		}
	}
	return ids
}

func (d *Dir) copyOf(top *os.Root, folder, name string) bool {
	artifact, err := d.root.Open(filepath.FromSlash(name))
	if err != nil {
		return false
	}
	defer artifact.Close()
	info, err := artifact.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	r, err := zip.NewReader(artifact, info.Size())
	if err != nil {
		return false
	}
	sums := map[string]*zip.FileHeader{}
	for _, f := range r.File {
		sums[f.Name] = &f.FileHeader
	}
	err = fs.WalkDir(top.FS(), folder, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		want := sums[strings.TrimPrefix(at, folder+"/")]
		info, err := entry.Info()
		if err != nil || want == nil || !info.Mode().IsRegular() || uint64(info.Size()) != want.UncompressedSize64 {
			return errors.Join(err, errOther)
		}
		f, err := top.Open(filepath.FromSlash(at))
		if err != nil {
			return err
		}
		defer f.Close()
		sum := crc32.NewIEEE()
		if _, err := io.Copy(sum, f); err != nil || sum.Sum32() != want.CRC32 {
			return errors.Join(err, errOther)
		}
		return nil
	})
	return err == nil
}

var errOther = errors.New("is not of the zip")
