package value

import (
	"path"
	"strings"
)

// Marks inside the strings of a value. They are control characters, so that no
// path in a source text looks like one. A literal that contains one is not
// evaluated.
const (
	rootMark = "\x01" // the project's root, as the first segment of an absolute path
	CWDMark  = "\x02" // the working directory, likewise
	Gap      = "\x03" // any characters, slashes included
	Marks    = rootMark + CWDMark + Gap
)

// Anchored reports whether a path is marked, so that its place is known.
func Anchored(s string) bool { return fromRoot(s) || FromCWD(s) }

// FromCWD reports whether a path depends on the working directory.
func FromCWD(s string) bool { return strings.HasPrefix(s, "/"+CWDMark) }

func fromRoot(s string) bool { return strings.HasPrefix(s, "/"+rootMark) }

// HasGap reports whether a part of a string is unknown.
func HasGap(s string) bool { return strings.Contains(s, Gap) }

// PlainPath returns the path of a file URL, and any path unchanged.
func PlainPath(s string) string { return strings.TrimPrefix(s, "file://") }

// RootPath marks a path that is relative to the project's root.
func RootPath(rel string) string { return path.Join("/"+rootMark, rel) }

// Path functions on marked strings, after Node's path.posix.

func normalize(s string) string {
	if s == "" {
		return "."
	}
	absolute := strings.HasPrefix(s, "/")
	trailing := strings.HasSuffix(s, "/")
	var out []string
	for seg := range strings.SplitSeq(s, "/") {
		switch seg {
		case "", ".":
		case "..":
			switch {
			case len(out) == 0 && absolute:
			case len(out) == 0 || out[len(out)-1] == "..":
				out = append(out, "..")
			case HasGap(out[len(out)-1]): // it may be several segments, or none
			default:
				out = out[:len(out)-1]
			}
		default:
			out = append(out, seg)
		}
	}
	r := strings.Join(out, "/")
	if absolute {
		r = "/" + r
	}
	if r == "" {
		return "."
	}
	if trailing && r != "/" {
		r += "/"
	}
	return r
}

func joinPath(parts []string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return normalize(strings.Join(kept, "/"))
}

// ResolvePath is path.resolve.
func ResolvePath(parts []string) string {
	r := ""
	for i := len(parts) - 1; i >= 0; i-- {
		if parts[i] == "" {
			continue
		}
		if r == "" {
			r = parts[i]
		} else {
			r = parts[i] + "/" + r
		}
		if strings.HasPrefix(parts[i], "/") {
			break
		}
	}
	if !strings.HasPrefix(r, "/") {
		r = "/" + CWDMark + "/" + r
	}
	if r = normalize(r); r != "/" {
		r = strings.TrimSuffix(r, "/")
	}
	return r
}

func dirPath(s string) string {
	s = strings.TrimRight(s, "/")
	if s == Gap {
		return Gap
	}
	i := strings.LastIndexByte(s, '/')
	switch {
	case i < 0:
		return "."
	case i == 0:
		return "/"
	}
	return strings.TrimRight(s[:i], "/")
}

func basePath(s string) string {
	s = strings.TrimRight(s, "/")
	return s[strings.LastIndexByte(s, '/')+1:]
}

func extPath(s string) string {
	b := basePath(s)
	if i := strings.LastIndexByte(b, '.'); i > 0 {
		return b[i:]
	}
	if HasGap(b) {
		return Gap
	}
	return ""
}

// urlAgainst evaluates new URL(relative, base) for file URLs.
func urlAgainst(relative, base string) string {
	switch {
	case strings.HasPrefix(relative, "file:"), strings.HasPrefix(relative, "http:"),
		strings.HasPrefix(relative, "https:"), strings.HasPrefix(relative, "data:"):
		return relative
	case !strings.HasPrefix(base, "file://"):
		return Gap
	case strings.HasPrefix(relative, "/"):
		return "file://" + relative
	}
	folder := base[len("file://"):]
	folder = folder[:strings.LastIndexByte(folder, '/')+1]
	s := normalize(folder + relative)
	if (relative == "." || relative == ".." || strings.HasSuffix(relative, "/.") || strings.HasSuffix(relative, "/..")) && !strings.HasSuffix(s, "/") {
		s += "/"
	}
	return "file://" + s
}
