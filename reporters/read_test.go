package reporters_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/budget"
	"github.com/featherpack/featherpack/reporters/render"
	"github.com/featherpack/featherpack/reporters/sample"
)

func TestReadRoundTrip(t *testing.T) {
	want := sample.JSON(t, full(t))
	r, err := reporters.Read(strings.NewReader(want))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, sample.JSON(t, r)); diff != "" {
		t.Error(diff)
	}
}

func TestReadRefuses(t *testing.T) {
	good := sample.JSON(t, sample.Recorded(sample.Shop(t).Report(), 5))
	swap := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("the report does not hold %s", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	for name, test := range map[string]struct{ text, want string }{
		"nothing":    {" \n", "the report is empty"},
		"not JSON":   {"<html>", "the report is not JSON: invalid character '<' looking for beginning of value"},
		"cut short":  {good[:len(good)/2], "unexpected end of JSON input"},
		"two values": {good + "{}", "the report is not JSON: invalid character '{' after top-level value"},
		"a list":     {"[]", "the file is not a report of featherpack"},
		"a null":     {"null", "the file is not a report of featherpack"},
		"a metafile": {`{"inputs":{},"outputs":{}}`, "not a report of featherpack"},
		"other tool": {swap(`"name":"featherpack"`, `"name":"goldpack"`), "not a report of featherpack"},
		"newer": {
			swap(`"schema":1`, `"schema":2`), "format version 2, but this featherpack reads version 1",
		},
		"version zero": {swap(`"schema":1`, `"schema":0`), "not a report of featherpack"},
		"wrong type":   {swap(`"line":10`, `"line":"10"`), "cannot be a string"},
		"functions {}": {
			`{"schema":1,"tool":{"name":"featherpack","version":"1"},"functions":{}}`, "functions is not a list",
		},
		"functions null": {
			`{"schema":1,"tool":{"name":"featherpack","version":"1"},"functions":null}`, "functions is not a list",
		},
		"bad index":             {swap(`"to":0`, `"to":11`), "imports number 11 of 11"},
		"negative index":        {swap(`"to":0`, `"to":-1`), "imports number -1 of 11"},
		"huge size":             {swap(`"zipBytes":`, `"zipBytes":9`), "sum"},
		"overflow":              {swap(`"zipBytes":`, `"zipBytes":99999999999999`), "cannot be a number"},
		"negative size":         {swap(`"bytes":27000`, `"bytes":-27000`), "out of range"},
		"rows do not sum":       {swap(`"unzipped":9000`, `"unzipped":9001`), "do not sum"},
		"no id":                 {swap(`"id":"orders"`, `"id":""`), "a function has no id"},
		"twice":                 {swap(`"id":"orders"`, `"id":"users"`), "listed twice"},
		"no artifact":           {swap(`"status":"failed"`, `"status":"built"`), "its status contradicts its artifact"},
		"lying totals":          {swap(`"failed":1`, `"failed":0`), "the totals are not the sum of the functions"},
		"a history without end": {swap(`"current":4`, `"current":5`), "the commits of its history are out of range"},
		"a history with a hole": {swap(`"at":[0,1,2,3,4]`, `"at":[0,1,2,3]`), "the history of \"orders\" has lists of different lengths"},
		"a history backwards":   {swap(`"at":[0,1,2,3,4]`, `"at":[0,1,3,2,4]`), "the history of \"orders\" is out of range"},
		"deep":                  {strings.Repeat("[", 100_000), "the report is not JSON"},
		"empty objects": {
			`{"schema":1,"tool":{"name":"featherpack","version":"1"},"x":[` + strings.Repeat("{},", 20_000) + `{}]}`,
			"empty objects",
		},
		"many functions": {
			`{"schema":1,"tool":{"name":"featherpack","version":"1"},"functions":[` +
				strings.Repeat(`{"id":"aaaaaaaaaaaaaaaa"},`, 50_000) + `{}]}`,
			"more than 50,000 functions",
		},
	} {
		r, err := reporters.Read(strings.NewReader(test.text))
		var d analyzer.Diagnostic
		if !errors.As(err, &d) || d.Code != "unreadable-report" || d.Severity != analyzer.Error || d.Hint == "" {
			t.Errorf("%s: %#v", name, err)
			continue
		}
		if !strings.Contains(d.Error(), test.want) {
			t.Errorf("%s: %q does not say %q", name, d.Error(), test.want)
		}
		if len(r.Functions) != 0 {
			t.Errorf("%s: half a report comes back", name)
		}
	}
}

func TestSyntaxErrorsHaveAPosition(t *testing.T) {
	_, err := reporters.Read(strings.NewReader("{\n  \"schema\": 1,\n  \"tool\" 3\n}"))
	var d analyzer.Diagnostic
	if !errors.As(err, &d) || d.Line != 3 || d.Column != 10 ||
		!strings.Contains(d.Message, "invalid character '3' after object key") {
		t.Errorf("%d:%d: %v", d.Line, d.Column, err)
	}
}

func TestReadErrorsArePassedOn(t *testing.T) {
	if _, err := reporters.Read(io.MultiReader(strings.NewReader("{"), failing{})); !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

// FuzzRead holds that whatever is read can be written in every format, asked
// why, and be a baseline or a head.
func FuzzRead(f *testing.F) {
	seeds, err := filepath.Glob("testdata/read/*.json")
	if err != nil || len(seeds) != 4 {
		f.Fatal(len(seeds), err)
	}
	const review = "render/testdata/review/heavy-import.json"
	for _, name := range append(seeds, review) {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	saved, err := os.Open(review)
	if err != nil {
		f.Fatal(err)
	}
	defer saved.Close()
	own, err := reporters.Read(saved)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		defer inputtest.Bound(t)()
		r, err := reporters.Read(strings.NewReader(text))
		if err != nil {
			var d analyzer.Diagnostic
			if !errors.As(err, &d) {
				t.Fatalf("%T", err)
			}
			return
		}
		for _, r := range []reporters.Report{
			r, budget.Judge(reporters.Compare(r, own, reporters.CompareOptions{}), sample.Rules(), budget.Options{}),
			budget.Judge(reporters.Compare(own, r, reporters.CompareOptions{}), sample.Rules(), budget.Options{}),
		} {
			for name, write := range render.Formats {
				if err := write(io.Discard, r); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
		}
		for _, o := range []render.TextOptions{
			{Width: 1, Verbose: true, Unicode: true, Color: true}, {Width: 200, Verbose: true},
		} {
			if err := render.Text(io.Discard, r, o); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range r.Functions {
			for _, p := range f.Packages[:min(3, len(f.Packages))] {
				if reasons, err := reporters.Why(r, f.ID, p.Name, nil); err == nil {
					if err := render.Reasons(io.Discard, reasons, render.TextOptions{}); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		again, err := reporters.Read(strings.NewReader(sample.JSON(t, r)))
		if err != nil {
			t.Fatalf("what was read and written again is refused: %v", err)
		}
		if sample.JSON(t, again) != sample.JSON(t, r) {
			t.Fatal("what was read and written again is another report")
		}
	})
}
