package compiled

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// A decision holds for the program, runtime and architecture that it was made for.
func TestDecisions(t *testing.T) {
	f := function("orders", "nodejs22.x")
	f.ServiceDir, f.Architecture = "services/a", ""
	in := Input{f, "sha256:1"}
	other := f
	other.Name = "other"
	text, err := Decisions{}.Write("orders", Decide(in, Loaded, "1 -> 2"))
	if err != nil {
		t.Fatal(err)
	}
	first, err := ReadDecisions(text)
	if err != nil {
		t.Fatal(err)
	}
	if text, err = first.Write("other", Decide(Input{other, "sha256:2"}, Plain, "")); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `"reason": "1 -> 2"`) {
		t.Errorf("%s", text)
	}
	arm, newer, changed, unknown := in, in, in, in
	arm.Function.Architecture, newer.Function.Runtime, changed.Digest = "arm64", "nodejs24.x", "sha256:3"
	unknown.Function.Name = "unknown"
	for _, c := range []struct {
		name, text, told string
		in               Input
		want             Mode
		severity         analyzer.Severity
	}{
		{"as decided", string(text), "", in, Loaded, ""},
		{"the other one", string(text), "", Input{other, "sha256:2"}, Plain, ""},
		{"another architecture", string(text), "decided for nodejs22.x on x86_64", arm, Off, analyzer.Note},
		{"another runtime", string(text), "decided for nodejs22.x on x86_64", newer, Off, analyzer.Note},
		{"another program", string(text), "its program has changed", changed, Off, analyzer.Note},
		{"not there", string(text), "has no decision for it", unknown, Off, analyzer.Note},
		{"no file", "", "has no decision for it", in, Off, analyzer.Note},
		{"not JSON", "{", "cannot be read", in, Off, analyzer.Error},
		{"of later", `{"version": 2}`, "its version is 2, not 1", in, Off, analyzer.Error},
		{"no mode", `{"version": 1, "functions": {"orders": {"mode": "best"}}}`, `is "best"`, in, Off, analyzer.Error},
		{"more fields", `{"version": 1, "more": 1}`, "unknown field", in, Off, analyzer.Error},
	} {
		mode, d := Committed(func(name string, _ int64) ([]byte, error) {
			if name != "services/a/featherpack.cache.json" {
				return nil, errors.New("another file")
			}
			if c.text == "" {
				return nil, fs.ErrNotExist
			}
			return []byte(c.text), nil
		})(c.in)
		if mode != c.want || (d == nil) != (c.told == "") {
			t.Errorf("%s: %s %v", c.name, mode, d)
		} else if d != nil && (d.Severity != c.severity || !strings.Contains(d.Message, c.told)) {
			t.Errorf("%s: %v", c.name, d)
		}
	}
}
