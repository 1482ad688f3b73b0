package boot

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

func TestFailureOf(t *testing.T) {
	for _, c := range []struct {
		name, kind, body string
		want             Failure
	}{
		{"AWS's page", "Runtime.NoSuchHandler", `{"errorMessage":"none","errorType":"X","stackTrace":["a:1","b:2"]}`,
			Failure{Type: "Runtime.NoSuchHandler", Message: "none", Stack: []string{"a:1", "b:2"}}},
		{"Node", "TypeError", `{"errorType":"TypeError","errorMessage":"m","trace":["TypeError: m","    at x"]}`,
			Failure{Type: "TypeError", Message: "m", Stack: []string{"TypeError: m", "    at x"}}},
		{"aws-lambda-go", "",
			`{"errorMessage":"m","errorType":"errorString","stackTrace":[{"path":"main.go","line":7,"label":"main"}]}`,
			Failure{Type: "errorString", Message: "m", Stack: []string{"main.go:7 main"}}},
		{"not JSON", "", `garbage`, Failure{Type: "Runtime.Unknown", Message: "the error's body was not JSON"}},
		{"nothing", "", ``, Failure{Type: "Runtime.Unknown", Message: "the error's body was not JSON"}},
		{"odd types", "", `{"trace":[1,2],"stackTrace":{"a":1}}`, Failure{Type: "Runtime.Unknown"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, *failureOf(c.kind, []byte(c.body))); d != "" {
				t.Error(d)
			}
		})
	}
}

func FuzzFailureOf(f *testing.F) {
	f.Add("Error",
		[]byte(`{"errorType":"a","errorMessage":"b","trace":["c"],"stackTrace":[{"path":"p","line":1,"label":"l"}]}`))
	f.Add("", []byte("\xff{"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		defer inputtest.Bound(t)()
		e := failureOf(kind, body)
		if e.Type == "" || len(e.Message) > maxMessage+3 || len(e.Stack) > maxStackLines ||
			!utf8.ValidString(e.Type+e.Message) {
			t.Errorf("%+v", e)
		}
		for _, line := range e.Stack {
			if len(line) > maxStackLine+3 || !utf8.ValidString(line) {
				t.Errorf("stack line %q", line)
			}
		}
	})
}

func TestTailKeepsTheEnd(t *testing.T) {
	var l tail
	for range 1000 {
		l.Write([]byte(strings.Repeat("x", 1000)))
	}
	l.Write([]byte("end"))
	if s := l.String(); len(s) != maxLog || !strings.HasSuffix(s, "xend") {
		t.Errorf("%d bytes, ending in %q", len(s), s[len(s)-8:])
	}
	l.Write([]byte(strings.Repeat("y", 3*maxLog)))
	if s := l.String(); s != strings.Repeat("y", maxLog) {
		t.Error("one large write does not replace everything")
	}
}

func TestRedactor(t *testing.T) {
	r := redactor(map[string]string{"SHORT": "prod", "KEY": "abcdefgh", "LONG": "abcdefghij"},
		map[string]string{"/tmp/w/task": "/var/task", "/tmp/w": "", "": "x"})
	got := r.Replace("prod abcdefghij abcdefgh /tmp/w/task/index.js /tmp/w/x")
	if got != "prod [LONG] [KEY] /var/task/index.js /x" {
		t.Error(got)
	}
}

func TestEncodeAnswer(t *testing.T) {
	for _, c := range []struct{ answer, want, encoding string }{
		{`{ "a": 1 }`, `{"a":1}`, ""},
		{`plain`, `"plain"`, "text"},
		{``, `""`, "text"},
		{"\xff\xfe", `"//4="`, "base64"},
	} {
		got, encoding := encodeAnswer([]byte(c.answer))
		if string(got) != c.want || encoding != c.encoding || !json.Valid(got) {
			t.Errorf("%q: %s %s", c.answer, got, encoding)
		}
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		samples []float64
		want    float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 2, 9}, 3}} {
		if got := (Measured{LoadMillis: c.samples}).LoadMedian(); got != c.want {
			t.Errorf("%v: %v", c.samples, got)
		}
	}
}

// What the runtime says about the code is shown, and no value that the code made a message of.
func TestShown(t *testing.T) {
	for _, c := range []struct{ kind, message, want string }{
		{"Error", "The module '/var/task/node_modules/a/a.node'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 115. This",
			"Error: was compiled against a different Node.js version using NODE_MODULE_VERSION 115"},
		{"Error", "require() of ES Module /var/task/lib/late.mjs not supported.", "Error: require() of ES Module /var/task/lib/late.mjs"},
		{"TypeError", "util.isNumber is not a function", "TypeError: util.isNumber is not a function"},
		{"TypeError", "Cannot read properties of undefined (reading 'length')", "TypeError"},
		{"ReferenceError", "require is not defined", "ReferenceError: require is not defined"},
		{"TypeError", "the token abc is not a function", "TypeError"},
		{"Error", "token abc is not defined", "Error"},
		{"Error", "s3cret", "Error"},
		{"Error", "s3cret is not defined", "Error"},
		{"Error", "s3cret is not a function", "Error"},
		{"Error", "ENOENT: no such file, open '/x/s3cret'", "Error ENOENT"},
	} {
		if got := (&Failure{Type: c.kind, Message: c.message}).Shown(); got != c.want {
			t.Errorf("%q: %q, want %q", c.message, got, c.want)
		}
	}
}
