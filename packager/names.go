package packager

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/featherpack/featherpack/analyzer"
	"golang.org/x/text/unicode/norm"
)

// checkNames refuses a bundle whose files cannot all be unpacked under their own
// names, anywhere. It warns of names that differ here and are one file where the
// file system ignores case or normalises Unicode.
func checkNames(b Bundle, zipName string) (twins []analyzer.Diagnostic, err error) {
	var faults []analyzer.Diagnostic
	for _, set := range [][]File{b.Files, append([]File{{Name: zipName}}, b.Beside...)} {
		names := make([]string, len(set))
		for i, f := range set {
			names[i] = f.Name
		}
		slices.Sort(names)
		for _, name := range slices.Compact(slices.Clone(names)) {
			if fault, bad := checkName(name); bad {
				faults = append(faults, fault)
			}
		}
		faults = append(faults, clashes(names)...)
		twins = append(twins, lookalikes(names)...)
	}
	return twins, mostSevereFirst(faults)
}

// checkName says what is wrong with one name, judged by itself.
func checkName(name string) (analyzer.Diagnostic, bool) {
	fault := func(severity analyzer.Severity, code, fact, hint string) (analyzer.Diagnostic, bool) {
		return analyzer.Diagnostic{Code: code, Severity: severity, Message: shown(name) + " " + fact, Hint: hint}, true
	}
	const rename = "rename the file, or leave it out"
	switch {
	case name == "":
		return fault(analyzer.Error, "bad-name", "is not a name for a file", "give every file a name relative to the zip's root")
	case leavesRoot(name):
		return fault(analyzer.Refused, "name-leaves-root", "leads out of the folder it would be unpacked in",
			"give it a path below the project's root")
	case !utf8.ValidString(name):
		return fault(analyzer.Error, "bad-name", "is not valid UTF-8", rename)
	case strings.Contains(name, "\x00"):
		return fault(analyzer.Error, "bad-name", "holds a NUL byte", rename)
	case strings.Contains(name, `\`):
		return fault(analyzer.Error, "bad-name", "holds a backslash, which Windows takes for a folder", rename)
	case len(name) > max16:
		return fault(analyzer.Error, "bad-name", fmt.Sprintf("has %d bytes, more than the 65535 a zip can hold", len(name)), rename)
	case name == "." || !fs.ValidPath(name):
		return fault(analyzer.Error, "bad-name", "has an empty, \".\" or \"..\" element", "write it as "+shown(path.Clean(name)))
	}
	return analyzer.Diagnostic{}, false
}

// leavesRoot is for names that some system would unpack elsewhere, so it takes
// backslashes for slashes and knows drive letters.
func leavesRoot(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	clean := path.Clean(name)
	drive := len(name) > 1 && name[1] == ':' && unicode.IsLetter(rune(name[0])) && name[0] < utf8.RuneSelf
	return strings.HasPrefix(name, "/") || drive || clean == ".." || strings.HasPrefix(clean, "../")
}

// clashes finds names given twice, and files that are also folders. The names
// are sorted.
func clashes(names []string) []analyzer.Diagnostic {
	var found []analyzer.Diagnostic
	for i, name := range names {
		if i > 0 && name == names[i-1] {
			if i < 2 || name != names[i-2] {
				found = append(found, analyzer.Diagnostic{
					Code: "duplicate-name", Severity: analyzer.Error,
					Message: shown(name) + " is the name of two files",
					Hint:    "leave one of them out",
				})
			}
			continue
		}
		for at, c := range name {
			if c != '/' {
				continue
			}
			if _, taken := slices.BinarySearch(names, name[:at]); taken {
				found = append(found, analyzer.Diagnostic{
					Code: "duplicate-name", Severity: analyzer.Error,
					Message: shown(name[:at]) + " is a file and the folder of " + shown(name),
					Hint:    "rename or leave out one of them",
				})
			}
		}
	}
	return found
}

// lookalikes finds different names that are one name once letters are folded
// and characters composed. The names are sorted.
func lookalikes(names []string) []analyzer.Diagnostic {
	first := make(map[string]string, len(names))
	var found []analyzer.Diagnostic
	for _, name := range names {
		key := strings.Map(foldRune, norm.NFC.String(name))
		other, taken := first[key]
		switch {
		case !taken:
			first[key] = name
		case other != name:
			found = append(found, analyzer.Diagnostic{
				Code: "name-twins", Severity: analyzer.Warning,
				Message: shownASCII(other) + " and " + shownASCII(name) + " differ only in case or in how their characters are composed",
				Hint:    "on macOS and Windows they are one file; rename one of them",
			})
		}
	}
	return found
}

// foldRune is the smallest of the runes that strings.EqualFold holds equal to r.
func foldRune(r rune) rune {
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	return least
}

// shown quotes a name, escaping what a terminal would not show.
func shown(name string) string { return strconv.Quote(shortened(name)) }

// shownASCII also tells apart what looks the same.
func shownASCII(name string) string { return strconv.QuoteToASCII(shortened(name)) }

// shortened cuts a name to a length fit for a message.
func shortened(name string) string {
	const most = 200
	if len(name) > most {
		name = strings.ToValidUTF8(name[:most], "") + "..."
	}
	return name
}

// mostSevereFirst makes one error of the faults, nil when there are none.
func mostSevereFirst(faults []analyzer.Diagnostic) error {
	slices.SortStableFunc(faults, func(a, b analyzer.Diagnostic) int {
		switch {
		case a.Severity == b.Severity:
			return 0
		case a.Severity == analyzer.Refused:
			return -1
		}
		return 1
	})
	all := make([]error, len(faults))
	for i, f := range faults {
		all[i] = f
	}
	return errors.Join(all...)
}
