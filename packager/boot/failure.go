package boot

import (
	"encoding/json"
	"io"
	"log"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Failure is an error in the format that Lambda reports.
type Failure struct {
	// Type is Lambda's error type, such as "Runtime.ImportModuleError", or the
	// name of the function's own error class.
	Type    string `json:"type"`
	Message string `json:"message,omitempty"`
	// Stack holds at most 20 lines, without paths of this machine.
	Stack []string `json:"stack,omitempty"`
}

// Shown is the error without any value of the function's: its type, and the message
// only if the runtime wrote it.
func (f *Failure) Shown() string {
	switch f.Type {
	case "Runtime.ImportModuleError":
		if found := missingName.FindString(f.Message); found != "" {
			return f.Type + ": " + found
		}
	case "Runtime.HandlerNotFound", "Runtime.MalformedHandlerName", "Runtime.MalformedStreamingHandler",
		"Runtime.CallbackHandlerDeprecated", "Runtime.InvalidEntrypoint", "Runtime.ExitError", "Sandbox.Timedout",
		"Function.ResponseSizeTooLarge":
		return f.Type + ": " + f.Message
	}
	if text := nodeTexts[f.Type]; text != nil && text.MatchString(f.Message) {
		return f.Type + ": " + strings.Join(strings.Fields(text.FindString(f.Message)), " ")
	}
	if code := nodeCode.FindString(f.Message); code != "" {
		return f.Type + " " + code
	}
	return f.Type
}

// nodeTexts match, by type of error, what Node and V8 say about an addon for another Node,
// about require() of an ES module, and about a name that is gone. They hold names of the
// code. What "Cannot read properties of undefined" names may be a computed key, so a value.
var nodeTexts = map[string]*regexp.Regexp{
	"Error": regexp.MustCompile(`was compiled against a different Node\.js version using\s+NODE_MODULE_VERSION \d+` +
		`|require\(\) of ES Module /var/task/[^\s']{1,300}`),
	"TypeError":      regexp.MustCompile(`^[\w$]+(?:\.[\w$]+){0,5} is not a (?:function|constructor)$`),
	"ReferenceError": regexp.MustCompile(`^[\w$]{1,60} is not defined$`),
	"SyntaxError":    regexp.MustCompile(`does not provide an export named '[\w$]{1,60}'`),
}

// nodeCode matches Node's codes of errors.
var nodeCode = regexp.MustCompile(`\b(ENOENT|EACCES|EPERM|EISDIR|ENOTDIR|EROFS|EMFILE|ERR_[A-Z_]+)\b`)

// missingName matches Node's message about any module that it cannot find.
var missingName = regexp.MustCompile(`Cannot find (?:module|package) '[^'\n]{1,300}'`)

const (
	maxMessage    = 4096
	maxStackLines = 20
	maxStackLine  = 512
)

// failureOf parses the body that a runtime posts with an error. The stack has two
// names: "stackTrace" in AWS's documentation and "trace" in its Node runtime. In
// aws-lambda-go the stack is a list of objects.
func failureOf(kind string, body []byte) *Failure {
	var posted struct {
		Type    string          `json:"errorType"`
		Message string          `json:"errorMessage"`
		Trace   json.RawMessage `json:"trace"`
		Stack   json.RawMessage `json:"stackTrace"`
	}
	f := &Failure{Type: kind}
	if json.Unmarshal(body, &posted) != nil {
		f.Message = "the error's body was not JSON"
	} else {
		if f.Type == "" || strings.HasPrefix(f.Type, "Unhandled") {
			f.Type = posted.Type
		}
		f.Message = posted.Message
		for _, raw := range []json.RawMessage{posted.Trace, posted.Stack} {
			var lines []string
			var frames []struct {
				Path  string      `json:"path"`
				Line  json.Number `json:"line"`
				Label string      `json:"label"`
			}
			if json.Unmarshal(raw, &lines) == nil {
				f.Stack = append(f.Stack, lines...)
			} else if json.Unmarshal(raw, &frames) == nil {
				for _, at := range frames {
					f.Stack = append(f.Stack, at.Path+":"+at.Line.String()+" "+at.Label)
				}
			}
		}
	}
	if f.Type == "" {
		f.Type = "Runtime.Unknown"
	}
	f.Type, f.Message = cut(f.Type, 256), cut(f.Message, maxMessage)
	f.Stack = f.Stack[:min(len(f.Stack), maxStackLines)]
	for i, line := range f.Stack {
		f.Stack[i] = cut(line, maxStackLine)
	}
	return f
}

// cut shortens a text to at most n bytes and replaces invalid UTF-8.
func cut(s string, n int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// missingModule matches Node's message about a module that it cannot find, in
// CommonJS and in ESM.
var missingModule = regexp.MustCompile(`Cannot find (?:module|package) '((?:/opt/|[^'./])[^']*)'`)

// tail keeps the last maxLog bytes that a process wrote. It accepts all output,
// so a process that floods its output never blocks on it.
type tail struct {
	mu    sync.Mutex
	bytes []byte
}

const maxLog = 32 * 1024

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(p)
	if len(p) > maxLog {
		p = p[len(p)-maxLog:]
	}
	if over := len(t.bytes) + len(p) - maxLog; over > 0 {
		t.bytes = append(t.bytes[:0], t.bytes[over:]...)
	}
	t.bytes = append(t.bytes, p...)
	return n, nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.ToValidUTF8(string(t.bytes), "\uFFFD")
}

// redactor removes from a text the values of the function's own variables, which
// may be secrets, and this machine's paths.
func redactor(environment map[string]string, paths map[string]string) *strings.Replacer {
	type pair struct{ from, to string }
	var pairs []pair
	for name, value := range environment {
		// Shorter values ("true", "prod", "3000") are not secrets, and removing
		// them would make the text unreadable.
		if len(value) >= 8 {
			pairs = append(pairs, pair{value, "[" + name + "]"})
		}
	}
	for from, to := range paths {
		if from != "" {
			pairs = append(pairs, pair{from, to})
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int { // longest first: one value may hold another
		if d := len(b.from) - len(a.from); d != 0 {
			return d
		}
		return strings.Compare(a.from+a.to, b.from+b.to)
	})
	var list []string
	for _, p := range pairs {
		list = append(list, p.from, p.to)
	}
	return strings.NewReplacer(list...)
}

var discardLog = log.New(io.Discard, "", 0)
