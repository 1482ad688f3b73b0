package trace

import (
	"bytes"
	"unicode/utf8"

	"github.com/featherpack/featherpack/analyzer/js"
)

// Triggered searches the bytes of a file for anything that [Trace] could report.
// It may return true for a file without any, but never false for a file with some.
// Most modules of most packages contain nothing and are never parsed.
func Triggered(src []byte) bool {
	if bytes.Contains(src, []byte("cwd")) {
		return true
	}
	for i := shortestWord - 1; i < len(src); {
		skip := int(shifts[block(src[i-1], src[i])])
		if skip > 0 {
			i += skip
			continue
		}
		for _, w := range endings[block(src[i-1], src[i])] {
			start := i - (shortestWord - 1)
			end := start + len(w.text)
			if end <= len(src) && string(src[start:end]) == w.text && (w.check == nil || w.check(src, start, end)) {
				return true
			}
		}
		i++
	}
	return false
}

// word is a text that indicates something of interest. If check is set, it checks
// the text around the word.
type word struct {
	text  string
	check func(src []byte, start, end int) bool
}

var words = []word{
	{"__dirname", nil}, {"__filename", nil}, {"__non_webpack_require__", nil}, {"LAMBDA_TASK_ROOT", nil}, {"app-root-path", nil}, {"require-dir", nil},
	{"require", checkRequire}, {"import", checkImport}, {"module", checkModule}, {"eval", checkEval},
	{"Function", checkText}, {"runIn", nil}, {"compileFunction", nil}, {"Script", checkScript},
	{"readFile", nil}, {"ReadStream", nil}, {"readdir", nil}, {"opendir", nil}, {"readJson", nil}, {"readJSON", nil}, {"copyFile", nil},
	{"worker_threads", nil}, {"child_process", nil}, {"getBuiltinModule", nil},
	{"bindings", checkQuoted}, {"node-gyp-build", nil}, {"node-pre-gyp", nil}, {"pkg-prebuilds", nil},
	{".node", checkQuoteAfter}, {".proto", checkQuoteAfter},
	{"createProgram", nil}, {"createCompilerHost", nil}, {"createLanguageService", nil},
	{"view engine", nil}, {"views", checkQuoted}, {"transport", checkTransport},
}

// The search is that of Wu and Manber (A Fast Algorithm for Multi-Pattern
// Searching, 1994) with blocks of two bytes. Where nothing matches, it looks at
// one block in shortestWord-1.
const blockBits = 12

func block(a, b byte) uint { return (uint(a)<<5 ^ uint(b)) & (1<<blockBits - 1) }

var (
	shortestWord = func() int {
		n := len(words[0].text)
		for _, w := range words {
			n = min(n, len(w.text))
		}
		return n
	}()
	shifts, endings = func() (s [1 << blockBits]uint8, e [1 << blockBits][]word) {
		for i := range s {
			s[i] = uint8(shortestWord - 1)
		}
		for _, w := range words {
			for i := 1; i < shortestWord; i++ {
				b := block(w.text[i-1], w.text[i])
				s[b] = min(s[b], uint8(shortestWord-1-i))
			}
			b := block(w.text[shortestWord-2], w.text[shortestWord-1])
			e[b] = append(e[b], w)
		}
		return s, e
	}()
)

func byteAt(src []byte, i int) byte {
	if i >= 0 && i < len(src) {
		return src[i]
	}
	return 0
}

// whole reports whether src[start:end] has no letter directly before or after it.
func whole(src []byte, start, end int) bool {
	return (!js.InName(byteAt(src, start-1)) || beforeSpace(src, start) < start) && (!js.InName(byteAt(src, end)) || afterSpace(src, end) > end)
}

func afterSpace(src []byte, i int) int {
	for i < len(src) {
		r, size := rune(src[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(src[i:])
		}
		if !js.IsSpace(r) {
			break
		}
		i += size
	}
	return min(i, len(src))
}

// beforeSpace is the end of what stands before src[i], and the white space there.
func beforeSpace(src []byte, i int) int { return len(bytes.TrimRightFunc(src[:max(i, 0)], js.IsSpace)) }

func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

// staticCall reports whether a call with one plain string starts at src[i]. The
// string is followed by ")" or ",".
func staticCall(src []byte, i int) bool {
	if byteAt(src, i) != '(' {
		return false
	}
	i = afterSpace(src, i+1)
	quote := byteAt(src, i)
	if !isQuote(quote) {
		return false
	}
	for i++; i < len(src); i++ {
		switch c := src[i]; {
		case c == quote:
			i = afterSpace(src, i+1)
			return byteAt(src, i) == ')' || byteAt(src, i) == ','
		case c == '\\' || c == '\n' || c == '$' && quote == '`':
			return false
		}
	}
	return false
}

// checkRequire rejects calls that a bundler sees itself, prose, and tests for
// require's existence.
func checkRequire(src []byte, start, end int) bool {
	if !whole(src, start, end) || isQuote(byteAt(src, start-1)) {
		return false
	}
	next := afterSpace(src, end)
	if before := beforeSpace(src, start); byteAt(src, before-1) == '.' { // checkModule handles module.require
		object := src[:beforeSpace(src, before-1)]
		return bytes.HasSuffix(object, []byte("global")) || bytes.HasSuffix(object, []byte("globalThis"))
	}
	switch c := byteAt(src, next); {
	case c == '(':
		return !staticCall(src, next)
	case c == '.':
		rest := src[afterSpace(src, next+1):]
		for _, known := range []string{"main", "cache", "extensions"} {
			if bytes.HasPrefix(rest, []byte(known)) {
				return false
			}
		}
		return true
	case js.InName(c):
		return next == end // prose: a name after a name
	case c == '=' || c == '!':
		return !bytes.HasSuffix(bytes.TrimRight(src[:start], " "), []byte("typeof"))
	}
	return true
}

// checkImport accepts import.meta and import(x).
func checkImport(src []byte, start, end int) bool {
	if !whole(src, start, end) {
		return false
	}
	next := afterSpace(src, end)
	switch byteAt(src, next) {
	case '.':
		return true
	case '/': // a comment, or a path in one
		return byteAt(src, next+1) == '*' || byteAt(src, next+1) == '/'
	case '(':
		return !staticCall(src, next)
	}
	return false
}

// checkModule accepts the module "module", module.require, .filename, .path and
// .parent, and module under another name.
func checkModule(src []byte, start, end int) bool {
	before, after := byteAt(src, start-1), byteAt(src, end)
	if isQuote(after) && (before == after || before == ':') {
		return after != '`' || byteAt(src, start-2) == '('
	}
	if !whole(src, start, end) {
		return false
	}
	next := afterSpace(src, end)
	switch byteAt(src, next) {
	case '/', '?':
		return true
	case '[':
		return isQuote(byteAt(src, afterSpace(src, next+1)))
	case '.':
		rest := src[afterSpace(src, next+1):]
		for _, wanted := range []string{"require", "filename", "path", "parent", "/"} {
			if bytes.HasPrefix(rest, []byte(wanted)) {
				return !bytes.HasPrefix(rest, []byte("paths"))
			}
		}
		return false
	case '(':
		return false
	case ',', ')': // an argument
		return before == '(' && !bytes.HasSuffix(bytes.TrimRight(src[:start-1], " "), []byte("function"))
	}
	prev := src[:beforeSpace(src, start)]
	return bytes.HasSuffix(prev, []byte("=")) && !bytes.HasSuffix(prev, []byte("=="))
}

func checkEval(src []byte, start, end int) bool {
	next := afterSpace(src, end)
	if byteAt(src, next) == ')' { // (0, eval)(...)
		next = afterSpace(src, next+1)
	}
	return whole(src, start, end) && byteAt(src, next) == '('
}

// checkText accepts Function(...), which makes a function of a text.
func checkText(src []byte, start, end int) bool {
	return whole(src, start, end) && byteAt(src, start-1) != '.' && byteAt(src, afterSpace(src, end)) == '('
}

// checkScript accepts vm.Script(...).
func checkScript(src []byte, start, end int) bool {
	return byteAt(src, start-1) == '.' && byteAt(src, afterSpace(src, end)) == '('
}

func checkQuoteAfter(src []byte, _, end int) bool { return isQuote(byteAt(src, end)) }

func checkQuoted(src []byte, start, end int) bool {
	return isQuote(byteAt(src, start-1)) && isQuote(byteAt(src, end))
}

// checkTransport accepts {transport: ...} and transport(...).
func checkTransport(src []byte, _, end int) bool {
	if isQuote(byteAt(src, end)) {
		end++
	}
	next := byteAt(src, afterSpace(src, end))
	return (next == ':' || next == '(') && bytes.Contains(src, []byte("target"))
}
