package trace

import (
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// Libraries take patterns of file names and look for the files themselves: entities of
// an ORM, routes, resolvers, schemas. They share one syntax, that of a shell.
// https://github.com/micromatch/picomatch#globbing-features, https://github.com/isaacs/node-glob#glob-primer

// choice matches {ts,js}. A placeholder of a library has no comma.
var choice = regexp.MustCompile(`\{[^{}/]*,[^{}]*\}|[@!+]\([^()]*\)`)

// isGlob reports whether a string is a pattern: it has a star or a choice. A question
// mark or brackets alone are a part of many file names and addresses.
func isGlob(s string) bool { return strings.Contains(s, "*") || choice.MatchString(s) }

// globStart returns the offset of the first character that is not meant literally,
// or -1.
func globStart(s string) int {
	if !isGlob(s) {
		return strings.Index(s, value.Gap)
	}
	return strings.IndexAny(s, value.Gap+"*?[{!@+(")
}

// compileGlob turns a pattern below a folder into a regular expression. A gap is any
// text. It returns nil for a text that is not a pattern after all.
func compileGlob(pattern string) *regexp.Regexp {
	var b strings.Builder
	var closing []string // what ends the groups that are open
	b.WriteString("^")
	for i := 0; i < len(pattern); i++ {
		rest := pattern[i:]
		start := i == 0 || pattern[i-1] == '/'
		switch c := pattern[i]; {
		case strings.HasPrefix(rest, value.Gap):
			b.WriteString(".*")
		case strings.ContainsRune("@+?*!", rune(c)) && len(rest) > 1 && rest[1] == '(':
			end := strings.IndexByte(rest, ')')
			if end < 0 {
				return nil
			}
			if c == '!' {
				b.WriteString("[^/]*")
				i += end
				continue
			}
			b.WriteString("(?:")
			closing = append(closing, map[byte]string{'@': ")", '+': ")+", '?': ")?", '*': ")*"}[c])
			i++
		case strings.HasPrefix(rest, "**/") && start:
			b.WriteString("(?:[^./][^/]*/)*")
			i += 2
		case strings.HasPrefix(rest, "**"):
			b.WriteString(".*")
			i++
		case c == '*' && start:
			b.WriteString("(?:[^./][^/]*)?")
		case c == '*':
			b.WriteString("[^/]*")
		case c == '?':
			b.WriteString("[^/]")
		case c == '[':
			end := strings.IndexByte(rest, ']')
			if end < 2 {
				return nil
			}
			class := rest[1:end]
			if class[0] == '!' {
				class = "^" + class[1:]
			}
			b.WriteString("[" + strings.ReplaceAll(class, `\`, `\\`) + "]")
			i += end
		case c == '{':
			b.WriteString("(?:")
			closing = append(closing, ")")
		case c == ',' && len(closing) > 0, c == '|' && len(closing) > 0:
			b.WriteString("|")
		case (c == '}' || c == ')') && len(closing) > 0:
			b.WriteString(closing[len(closing)-1])
			closing = closing[:len(closing)-1]
		default:
			b.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		}
	}
	b.WriteString("$")
	r, err := regexp.Compile(b.String())
	if err != nil || len(closing) > 0 {
		return nil
	}
	return r
}

// fromFolder handles a call with patterns or paths that an option makes relative to a
// known folder, glob("rules/*.js", {cwd: __dirname}), and a list of what such a call is
// given: {glob: ["rules/*.js", {cwd: __dirname}]}.
func (t *tracer) fromFolder(n *js.Node, c context) {
	for _, options := range n.List {
		if options.Kind != js.Object || t.Interest(options)&value.OfPlace == 0 {
			continue
		}
		for _, p := range options.List {
			if p.Kind != js.Property || p.Name != "cwd" || p.Y == nil {
				continue
			}
			for _, folder := range t.Eval(p.Y).Strings {
				if folder = value.PlainPath(folder); !value.Anchored(folder) || value.HasGap(folder) {
					continue
				}
				for _, arg := range n.List {
					if arg != options && t.below(arg, folder, c) {
						t.handled[p.Y] = true
					}
				}
			}
		}
	}
}

// relativeTo takes the paths in an object that names the folder which they are relative to:
// {relativeTo: __dirname, path: "views"} of @hapi/vision and @hapi/inert.
func (t *tracer) relativeTo(n *js.Node, c context) {
	for _, base := range n.List {
		if base.Kind != js.Property || base.Name != "relativeTo" || base.Y == nil || t.Interest(base.Y)&value.OfPlace == 0 {
			continue
		}
		folder := value.PlainPath(t.Eval(base.Y).Only())
		if !value.Anchored(folder) {
			continue
		}
		for _, p := range n.List {
			if p.Kind == js.Property && p != base && p.Y != nil && t.below(p.Y, folder, c) {
				t.handled[base.Y] = true
			}
		}
	}
}

// below takes the patterns and paths in an argument, or in the array that it is,
// relative to a folder. It reports whether there are any.
func (t *tracer) below(arg *js.Node, folder string, c context) (found bool) {
	v := t.Eval(arg)
	if v.Node != nil && v.Node.Kind == js.Array {
		for _, e := range v.Node.List {
			found = t.below(e, folder, c) || found
		}
		return found
	}
	for _, s := range v.Strings {
		if s = strings.TrimPrefix(s, "!"); s == "" || strings.HasPrefix(s, "/") || strings.HasPrefix(s, value.Gap) || strings.Contains(s, ":") {
			continue
		}
		full := value.ResolvePath([]string{folder, s})
		if rel, ok := t.Relative(full); !isGlob(s) && (!ok || !t.exists(rel)) {
			continue
		}
		t.take(arg, full, use{tree: true}, c)
		t.handled[arg] = true
		found = true
	}
	return found
}

func (t *tracer) exists(rel string) bool {
	_, err := fs.Stat(t.Files, path.Clean(rel))
	return err == nil
}
