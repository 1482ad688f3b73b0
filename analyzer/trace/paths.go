package trace

import (
	"strings"
)

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
			case hasGap(out[len(out)-1]): // it may be several segments, or none
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

func resolvePath(parts []string) string {
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
		r = "/" + cwdMark + "/" + r
	}
	if r = normalize(r); r != "/" {
		r = strings.TrimSuffix(r, "/")
	}
	return r
}

func dirPath(s string) string {
	s = strings.TrimRight(s, "/")
	if s == gap {
		return gap
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
	if hasGap(b) {
		return gap
	}
	return ""
}

// urlAgainst is new URL(relative, base) for file URLs.
func urlAgainst(relative, base string) string {
	switch {
	case strings.HasPrefix(relative, "file:"), strings.HasPrefix(relative, "http:"), strings.HasPrefix(relative, "https:"), strings.HasPrefix(relative, "data:"):
		return relative
	case !strings.HasPrefix(base, "file://"):
		return gap
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
