package manifest

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// giveIDs makes each function's ID from its name and from the path of its
// manifest's folder, relative to the folder asked for. If two manifests of one
// folder declare the same function, the ID is FUNCTION@STEM, where STEM is the
// manifest's file name without extension. If the stems are equal too, the whole
// file name is used.
func giveIDs(functions []*declared.Function, asked string) {
	type name struct{ folder, name string }
	type stemmed struct {
		name
		stem string
	}
	names, stems := map[name]map[string]bool{}, map[stemmed]map[string]bool{}
	of := func(f *declared.Function) (name, stemmed) {
		n := name{f.ServiceDir, f.Name}
		return n, stemmed{n, stemOf(f.Manifest)}
	}
	for _, f := range functions {
		n, s := of(f)
		put(names, n, f.Manifest)
		put(stems, s, f.Manifest)
	}
	for _, f := range functions {
		n, s := of(f)
		f.ID = folderID(f.ServiceDir, asked) + nameID(f.Name)
		switch {
		case len(names[n]) == 1:
		case len(stems[s]) == 1:
			f.ID += "@" + escape(s.stem, folderMarks)
		default:
			f.ID += "@" + escape(path.Base(f.Manifest), folderMarks)
		}
		checkZip(f)
	}
}

// checkZip reports a manifest that deploys a zip of another name than the one that
// featherpack writes. A deployment would ship a zip left over from an earlier
// build.
func checkZip(f *declared.Function) {
	if f.Zip == nil {
		return
	}
	// If the zip is in the default out-dir of a parent folder, its name is the ID
	// that the function has in that folder. For any other out-dir, only the name of
	// the zip is known.
	want := path.Base(f.ID) + ".zip"
	at, found := path.Dir(f.Zip.Text), path.Base(f.Zip.Text)
	if above, below, ok := strings.Cut(f.Zip.Text, ".featherpack/"); ok && projectfs.Below(f.ServiceDir, path.Join(f.ServiceDir, above)) {
		want = folderID(f.ServiceDir, path.Join(f.ServiceDir, above)) + want
		at, found = above+".featherpack", below
	}
	if found != want {
		if f.Zip.Written != "" {
			at = "" // it may be a secret
		}
		f.Report(analyzer.Problem(analyzer.Error, "bad-config", f.Zip.At, "name it "+path.Join(at, want),
			"the code is %s, and featherpack writes %s", f.Zip.Shown(), want))
	}
}

func put[K comparable](sets map[K]map[string]bool, key K, member string) {
	if sets[key] == nil {
		sets[key] = map[string]bool{}
	}
	sets[key][member] = true
}

func stemOf(file string) string {
	base := path.Base(file)
	return strings.TrimSuffix(base, path.Ext(base))
}

// folderID is the part of an ID before the function's name: the manifest's folder
// relative to the folder asked for, and a slash. It is empty for a manifest
// outside that folder. Only --config can name one, and it is then the only
// manifest.
func folderID(folder, asked string) string {
	if folder == asked || !projectfs.Below(folder, asked) {
		return ""
	}
	if asked != "." {
		folder = strings.TrimPrefix(folder, asked+"/")
	}
	var id strings.Builder
	for part := range strings.SplitSeq(folder, "/") {
		ext := path.Ext(part)
		stem := escape(strings.TrimSuffix(part, ext), folderMarks)
		if written[strings.ToLower(ext)] {
			id.WriteString(stem + "%2E" + ext[1:] + "/")
		} else {
			id.WriteString(escape(part, folderMarks) + "/")
		}
	}
	return id.String()
}

// written are the extensions of files that a build writes. A folder with such an
// extension could clash with such a file.
var written = map[string]bool{".zip": true, ".txt": true, ".map": true, ".json": true}

// nameID is the function's name if it can be a file name. Other names are escaped:
// such a function is not built, but reports name it.
func nameID(name string) string {
	switch {
	case declared.GoodName.MatchString(name):
		return name
	case name == "":
		return "%"
	}
	return escape(name, nameMarks)
}

// The characters that an ID keeps as they are, besides letters and digits.
const (
	nameMarks   = "._-"
	folderMarks = nameMarks + "+@"
)

// escape makes one element of an ID's path. The result is valid on every file
// system, has no meaning in a glob and needs no quotes in a shell. Letters, digits
// and the characters of marks stay. Any other character is written as its bytes,
// such as %20 for a space. So is a dot at the beginning or the end. Different
// names give different results.
func escape(name, marks string) string {
	var out strings.Builder
	for i := 0; i < len(name); {
		r, size := utf8.DecodeRuneInString(name[i:])
		stays := unicode.In(r, unicode.L, unicode.M, unicode.N) || strings.ContainsRune(marks, r)
		if stays && (r != '.' || i > 0 && i < len(name)-1) {
			out.WriteRune(r)
		} else {
			for _, b := range []byte(name[i : i+size]) {
				fmt.Fprintf(&out, "%%%02X", b)
			}
		}
		i += size
	}
	return out.String()
}
