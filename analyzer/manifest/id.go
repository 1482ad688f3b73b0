package manifest

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/rootfs"
)

// giveIDs makes the ID of each function from its name, the folder of its manifest
// and the folder asked for. Only two manifests of one folder that name one
// function add something: FUNCTION@STEM, by the stem of the manifest's name, or
// its whole name where the stems are the same too.
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

// checkZip reports a manifest that deploys another zip than the one that is
// written: it would deploy what lies there from some other day.
func checkZip(f *declared.Function) {
	if f.Zip == nil {
		return
	}
	// In the default out-dir of a folder above, the zip is called by the ID that
	// the function has there. Of any other out-dir only the zip's name is known.
	want := path.Base(f.ID) + ".zip"
	at, found := path.Dir(f.Zip.Text), path.Base(f.Zip.Text)
	if above, below, ok := strings.Cut(f.Zip.Text, ".featherpack/"); ok && rootfs.Below(f.ServiceDir, path.Join(f.ServiceDir, above)) {
		want = folderID(f.ServiceDir, path.Join(f.ServiceDir, above)) + want
		at, found = above+".featherpack", below
	}
	if found != want {
		f.Report(analyzer.Problem(analyzer.Error, "bad-config", f.Zip.At, "name it "+path.Join(at, want),
			"the code is %s, and featherpack writes %s", f.Zip.Text, want))
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

// folderID is what the IDs of a folder's functions begin with: its path relative
// to the folder asked for and a slash. A folder that is not below that holds the
// only manifest, which --config names, and adds nothing.
func folderID(folder, asked string) string {
	if folder == asked || !rootfs.Below(folder, asked) {
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

// written are the extensions of what a build writes. A folder of such a name could
// be in a file's place.
var written = map[string]bool{".zip": true, ".txt": true, ".map": true, ".json": true}

// nameID is a function's name, as it is where it may be a file's name. No other
// function is built, yet reports name it.
func nameID(name string) string {
	switch {
	case declared.GoodName.MatchString(name):
		return name
	case name == "":
		return "%"
	}
	return escape(name, nameMarks)
}

// The characters that stay in a part of an ID, besides letters and digits.
const (
	nameMarks   = "._-"
	folderMarks = nameMarks + "+@"
)

// escape makes a name a part of an ID: an element of a path that is the same on
// every disk, has no meaning in a glob and needs no quotes. What is neither letter
// nor digit nor one of the marks is written as its bytes, %20 for a blank, and so
// is a dot at the beginning or the end. Different names stay different.
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
