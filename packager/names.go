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

// checkNames returns an error if the files cannot all be unpacked under their own
// names on every system. It warns about different names that are one file where the
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

// checkName checks one name by itself.
func checkName(name string) (analyzer.Diagnostic, bool) {
	fault := func(severity analyzer.Severity, code, fact, hint string) (analyzer.Diagnostic, bool) {
		return analyzer.Diagnostic{Code: code, Severity: severity, Message: shown(name) + " " + fact, Hint: hint}, true
	}
	const rename = "rename the file or exclude it"
	switch {
	case name == "":
		return fault(analyzer.Error, "bad-name", "is not a name for a file", "give every file a name relative to the zip's root")
	case leavesRoot(name):
		return fault(analyzer.Refused, "name-leaves-root", "would be unpacked outside of the target folder",
			"give it a path below the project's root")
	case !utf8.ValidString(name):
		return fault(analyzer.Error, "bad-name", "is not valid UTF-8", rename)
	case strings.Contains(name, "\x00"):
		return fault(analyzer.Error, "bad-name", "contains a NUL byte", rename)
	case strings.Contains(name, `\`):
		return fault(analyzer.Error, "bad-name", "contains a backslash, which Windows reads as a folder separator", rename)
	case len(name) > max16:
		return fault(analyzer.Error, "bad-name", fmt.Sprintf("has %d bytes, more than the 65535 a zip can hold", len(name)), rename)
	case name == "." || !fs.ValidPath(name):
		return fault(analyzer.Error, "bad-name", "has an empty, \".\" or \"..\" element", "write it as "+shown(path.Clean(name)))
	}
	return analyzer.Diagnostic{}, false
}

// leavesRoot reports whether some system would unpack the name elsewhere. So it
// treats backslashes as slashes and recognises drive letters.
func leavesRoot(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	clean := path.Clean(name)
	drive := len(name) > 1 && name[1] == ':' && unicode.IsLetter(rune(name[0])) && name[0] < utf8.RuneSelf
	return strings.HasPrefix(name, "/") || drive || clean == ".." || strings.HasPrefix(clean, "../")
}

// clashes finds names that are used twice and files that are also folders. names
// must be sorted.
func clashes(names []string) []analyzer.Diagnostic {
	var found []analyzer.Diagnostic
	for i, name := range names {
		if i > 0 && name == names[i-1] {
			if i < 2 || name != names[i-2] {
				found = append(found, analyzer.Diagnostic{
					Code: "duplicate-name", Severity: analyzer.Error,
					Message: shown(name) + " is used by two files",
					Hint:    "remove one of them",
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
					Message: shown(name[:at]) + " is both a file and a folder, which contains " + shown(name),
					Hint:    "rename or remove one of them",
				})
			}
		}
	}
	return found
}

// lookalikes finds different names that are equal after case folding and Unicode
// composition. names must be sorted.
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
				Hint:    "macOS and Windows treat them as the same file; rename one of them",
			})
		}
	}
	return found
}

// foldRune is the smallest rune that strings.EqualFold treats as equal to r.
func foldRune(r rune) rune {
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	return least
}

// shown quotes a name and escapes characters that a terminal would not show.
func shown(name string) string { return strconv.Quote(shortened(name)) }

// shownASCII escapes all non-ASCII characters, so that names that look the same
// differ.
func shownASCII(name string) string { return strconv.QuoteToASCII(shortened(name)) }

// shortened cuts a name to a length that fits in a message.
func shortened(name string) string {
	const most = 200
	if len(name) > most {
		name = strings.ToValidUTF8(name[:most], "") + "..."
	}
	return name
}

// mostSevereFirst joins the faults into one error, nil if there are none.
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
