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

// Failure is an error in the shape Lambda reports it.
type Failure struct {
	// Type is such as "Runtime.ImportModuleError", or the name of the
	// function's own error class.
	Type    string `json:"type"`
	Message string `json:"message,omitempty"`
	// Stack holds at most 20 lines, with the machine's own paths taken out.
	Stack []string `json:"stack,omitempty"`
}

const (
	maxMessage    = 4096
	maxStackLines = 20
	maxStackLine  = 512
)

// failureOf reads the body that runtimes post with an error. Both spellings of
// the stack occur: "stackTrace" in AWS's page, "trace" in its Node runtime; in
// aws-lambda-go the stack is of objects.
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

// cut shortens to at most n bytes and mends what is not UTF-8.
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

// missingModule is Node's way, in CommonJS and in ESM, to name what it did not find.
var missingModule = regexp.MustCompile(`Cannot find (?:module|package) '([^'./][^']*)'`)

// tail keeps the last maxLog bytes of what a process wrote. It takes everything,
// so that a process that floods its output is never held up or waited for.
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

// redactor takes out of a text what must not leave the check: the values of the
// function's own variables, which may be secrets, and this machine's paths.
func redactor(environment map[string]string, paths map[string]string) *strings.Replacer {
	type pair struct{ from, to string }
	var pairs []pair
	for name, value := range environment {
		// Shorter values ("true", "prod", "3000") are no secrets, and taking
		// them out would make the text unreadable.
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
