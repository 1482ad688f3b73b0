package outdir

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/packager"
)

// owner is what is known about who wrote an out-dir's files.
//
// The mark in the folder cannot say it: a commit can contain a folder with a mark and
// with files of any names. So the mark only names a record, by random letters, and
// the record lies in the user's cache folder, which no commit can write. A folder
// whose record is missing, for example on another machine, is used too, but nothing
// in it is removed that this run did not write.
type owner struct {
	file   string // the record's; "" if nothing is recorded
	record record
	// before are the record's functions when the folder was opened. Without a record, they
	// are those whose unpacked files are the content of their zip.
	before []string
}

// record is the content of a record.
type record struct {
	// Out is the out-dir, Project the root of the project that is built to it. Both
	// are absolute.
	Out     string `json:"out"`
	Project string `json:"project"`
	// Functions are the IDs whose files were or may have been written.
	Functions []string `json:"functions"`
}

// maxMark and maxRecord limit what is read of a mark and a record.
const (
	maxMark   = 200
	maxRecord = 16 << 20
)

// named finds the record's name in a mark. Folders of older versions have none.
var named = regexp.MustCompile(`\n# ([A-Z2-7]{26})\n$`)

// ownerOf reads or makes the mark and the record of an out-dir. It refuses a folder
// that featherpack did not make, and one that another project uses.
func ownerOf(d *Dir, project string) (*owner, error) {
	text, err := markOf(d)
	if err != nil {
		return nil, err
	}
	records := ""
	if cache, err := os.UserCacheDir(); err == nil && project != "" && filepath.IsAbs(cache) {
		records = filepath.Join(cache, "featherpack", "out")
	}
	if name := named.FindStringSubmatch(text); name != nil && records != "" {
		file := filepath.Join(records, name[1]+".json")
		if r, ok := readRecord(file); ok && r.Out == d.Path {
			if r.Project != project && exists(r.Project) {
				return nil, refuse("foreign-out", "give another folder with --out, or remove this one",
					"the out-dir %s belongs to another project", d.Name)
			}
			r.Project = project
			return &owner{file: file, record: r, before: r.Functions}, nil
		}
	}
	o := &owner{record: record{Out: d.Path, Project: project}}
	if text != "" { // the record is gone, or the folder was moved
		o.before = d.copies()
	}
	name := rand.Text()
	if records != "" {
		if err := os.MkdirAll(records, 0o700); err == nil {
			o.file = filepath.Join(records, name+".json")
		}
		prune(records)
	}
	err = packager.WriteWholeIn(d.root, ignoreFile, 0o600, func(f *os.File) error {
		_, err := fmt.Fprintf(f, "%s# %s\n", ignoreText, name)
		return err
	})
	if err != nil {
		return nil, d.Fault(err)
	}
	return o, nil
}

// markOf returns the text of the mark, "" if there is none. It refuses a folder
// without a mark that is not empty.
func markOf(d *Dir) (string, error) {
	text, marked, err := readMark(d.root)
	if err != nil {
		return "", d.Fault(err)
	}
	if marked {
		return text, nil
	}
	other, err := foreign(d.root)
	if err != nil {
		return "", d.Fault(err)
	}
	if other != "" {
		return "", refuse("foreign-out", "give an empty or new folder with --out",
			"the out-dir %s contains files that featherpack did not write, such as %s", d.Name, other)
	}
	return "", nil
}

// readMark reads the mark. A link or another special file is none.
func readMark(root *os.Root) (text string, marked bool, err error) {
	info, err := root.Lstat(ignoreFile)
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxMark {
		return "", false, err
	}
	content, err := root.ReadFile(ignoreFile)
	return string(content), strings.HasPrefix(string(content), ignoreText), err
}

// foreign returns the name of a file in an unmarked folder that another program
// wrote, "" if there is none.
func foreign(root *os.Root) (string, error) {
	entries, err := fs.ReadDir(root.FS(), ".")
	for _, entry := range entries {
		name := entry.Name()
		if name != lockFile && !(strings.HasPrefix(name, ".featherpack-") && strings.HasSuffix(name, ".tmp")) {
			return name, nil
		}
	}
	return "", err
}

func readRecord(file string) (r record, ok bool) {
	info, err := os.Lstat(file)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxRecord {
		return r, false
	}
	text, err := os.ReadFile(file)
	return r, err == nil && json.Unmarshal(text, &r) == nil
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// prune removes the records of out-dirs that are gone.
func prune(records string) {
	entries, err := os.ReadDir(records)
	if err != nil {
		return
	}
	for _, entry := range entries {
		file := filepath.Join(records, entry.Name())
		if r, ok := readRecord(file); ok && !exists(r.Out) {
			os.Remove(file)
		}
	}
}

// wrote reports whether featherpack wrote the files of a function.
func (o *owner) wrote(id string) bool { return slices.Contains(o.record.Functions, id) }

// wroteBefore reports whether an earlier run wrote the files of a function.
func (o *owner) wroteBefore(id string) bool { return slices.Contains(o.before, id) }

// remember records that files of functions are going to be written. What cannot be
// recorded is not removed by later builds.
func (o *owner) remember(ids []string) {
	all := slices.Concat(o.record.Functions, ids)
	slices.Sort(all)
	o.set(slices.Compact(all))
}

// set records the functions whose files are in the folder.
func (o *owner) set(ids []string) {
	same := slices.Equal(ids, o.record.Functions)
	o.record.Functions = ids
	if o.file == "" || same && exists(o.file) {
		return
	}
	text, err := json.Marshal(o.record)
	if err != nil {
		return
	}
	_ = packager.WriteWhole(o.file, 0o600, func(f *os.File) error {
		_, err := f.Write(text)
		return err
	})
}

// forget removes the record.
func (o *owner) forget() {
	if o.file != "" {
		os.Remove(o.file)
	}
}
