package lint

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/cases"
	"github.com/featherpack/featherpack/analyzer/gobin"
	"github.com/featherpack/featherpack/analyzer/gobin/programtest"
)

// format writes one line for each advice: code, place, tags.
func format(cs []Advice) string {
	var b strings.Builder
	for _, c := range cs {
		fmt.Fprintf(&b, "%s %s:%d %s\n", c.Code, c.File, c.Line, strings.Join(c.Change.Tags, ","))
	}
	return b.String()
}

const programs = "../../testdata/programs"

// lambdaOptions returns the options to build the test programs for Lambda.
func lambdaOptions(tags ...string) gobin.Options {
	return gobin.Options{GOOS: "linux", GOARCH: "amd64", Tags: tags, Flags: []string{"-buildvcs=false"}}
}

// faults and clients return the advice about these programs, which are linked only once.
var (
	faults  = sync.OnceValues(func() ([]Advice, error) { return advise("faults", nil) })
	clients = sync.OnceValues(func() ([]Advice, error) { return advise("clients", nil) })
)

func advise(kind string, a *gobin.Attribution) ([]Advice, error) {
	return AdviseProgram(context.Background(), programs, "./"+kind, a, lambdaOptions("lambda.norpc"))
}

// checkAdvice checks what must hold for every advice.
func checkAdvice(t *testing.T, cs []Advice) {
	t.Helper()
	for _, c := range cs {
		if c.Message == "" || c.Hint == "" {
			t.Errorf("incomplete: %+v", c)
		}
		for _, s := range append(c.Chain, gobin.Step{Position: c.Position}) {
			if strings.HasPrefix(s.File, "/") {
				t.Errorf("%s has an absolute path: %s", c.Code, s.File)
			}
		}
		if c.File == "" && len(c.Chain) == 0 {
			t.Errorf("%s has neither a position nor a chain: %s", c.Code, c.Message)
		}
	}
}

// TestAdviseSource checks that the faults of testdata/programs/faults and clients are
// found, and no others.
func TestAdviseSource(t *testing.T) {
	for _, c := range []struct {
		kind   string
		advice func() ([]Advice, error)
		want   string
	}{
		{"faults", faults, `blank-import faults/main.go:9 
blank-import faults/main.go:11 
body-not-closed faults/main.go:37 
body-not-closed faults/main.go:63 
body-not-read faults/main.go:45 
client-in-handler faults/main.go:62 
client-in-handler faults/main.go:67 
embedded-not-read faults/main.go:17 
init-work faults/main.go:20 
keep-alive-off faults/main.go:25 
`},
		{"clients", clients, `client-in-handler clients/main.go:25 
client-in-handler clients/main.go:29 
`},
	} {
		t.Run(c.kind, func(t *testing.T) {
			programtest.SkipUnlessQuick(t, "amd64", c.kind)
			programtest.Compile(t, "amd64", c.kind) // skips short tests
			cs, err := c.advice()
			if err != nil {
				t.Fatal(err)
			}
			checkAdvice(t, cs)
			own := slices.DeleteFunc(slices.Clone(cs), func(a Advice) bool { return !strings.HasPrefix(a.File, c.kind+"/") })
			if got := format(own); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
			for _, c := range own {
				if c.Code == "embedded-not-read" && !strings.Contains(c.Message, "embeds 26 bytes that no ReadFile or Open names: faults/pages/unused.txt") {
					t.Errorf("%s", c.Message)
				}
			}
		})
	}
}

// TestAdviseOverlay checks that the trial build of a blank import removes the import
// from its file and keeps every line in place.
func TestAdviseOverlay(t *testing.T) {
	if testing.Short() {
		t.Skip("links a real program")
	}
	src, err := os.ReadFile(programs + "/faults/main.go")
	if err != nil {
		t.Fatal(err)
	}
	cs, err := faults()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(cs, func(c Advice) bool { return c.Code == "blank-import" && c.Line == 9 })
	if i < 0 {
		t.Fatal("no advice about net/http/pprof")
	}
	out := cs[i].Change.Overlay["faults/main.go"]
	if len(out) != len(src) || strings.Count(string(out), "\n") != strings.Count(string(src), "\n") {
		t.Errorf("%d bytes in place of %d", len(out), len(src))
	}
	f, err := parser.ParseFile(token.NewFileSet(), "", out, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range f.Imports {
		if s.Path.Value == `"net/http/pprof"` {
			t.Error("the import is still there")
		}
	}
	for _, src := range []string{`package p; import _ "expvar"`, "package p\nimport (\n\t_ \"expvar\" // why\n)\n", "package p\nimport /* x */ _ \"expvar\"\n"} {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "", src, 0)
		if err != nil {
			t.Fatal(err)
		}
		g, err := parser.ParseFile(token.NewFileSet(), "", withoutImport([]byte(src), fset, f, f.Imports[0]), 0)
		if err != nil || len(g.Imports) > 0 {
			t.Errorf("%q: %v, %d imports left", src, err, len(g.Imports))
		}
	}
}

// TestLooks checks the advice about testdata/programs/looks against the comments of its lines.
// It needs no linked program.
func TestLooks(t *testing.T) {
	if testing.Short() {
		t.Skip("lists a real program")
	}
	got := map[string]bool{}
	for _, a := range adviseUnlinked(t, "looks") {
		if strings.HasPrefix(a.File, "looks/") {
			got[fmt.Sprintf("%s:%d %s", a.File, a.Line, a.Code)] = true
		}
	}
	mark := regexp.MustCompile(`// (advice|silent): ([a-z0-9 -]+)$`)
	files, err := filepath.Glob(programs + "/looks/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, programs+"/looks/main.go", programs+"/looks/requests.go") {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(filepath.ToSlash(file), programs+"/")
		for i, line := range strings.Split(string(source), "\n") {
			match := mark.FindStringSubmatch(line)
			if match == nil {
				continue
			}
			for _, code := range strings.Fields(match[2]) {
				key := fmt.Sprintf("%s:%d %s", name, i+1, code)
				if found := got[key]; found != (match[1] == "advice") {
					t.Errorf("%s: found %v", key, found)
				}
				delete(got, key)
			}
		}
	}
	for key := range got {
		t.Errorf("wrong: %s", key)
	}
}

// adviseUnlinked runs the rules on a program that is not linked: those that need more say
// nothing.
func adviseUnlinked(t *testing.T, kind string, env ...string) []Advice {
	t.Helper()
	o := lambdaOptions("lambda.norpc")
	o.Env = append(os.Environ(), env...)
	loaded, err := gobin.Load(t.Context(), programs, "./"+kind, o)
	if err != nil {
		t.Fatal(err)
	}
	p := &program{Programs: loaded, main: loaded.Mains()[0]}
	p.rules()
	return p.found
}

// TestJSONV2 checks which programs are said to build encoding/json on its successor.
func TestJSONV2(t *testing.T) {
	if testing.Short() {
		t.Skip("lists real programs")
	}
	for _, c := range cases.Read(t, "testdata/jsonv2.txt") {
		words := strings.Fields(c.Text("@"))
		found := slices.ContainsFunc(adviseUnlinked(t, words[0], words[1:]...), func(a Advice) bool { return a.Code == "json-v2" })
		if want := len(c.Lines("=")) > 0; found != want {
			t.Errorf("%s: found %v", c.Name, found)
		}
	}
}

// TestAdviseLinked checks, for each program and its tags at "@", why the linker keeps every
// exported method and which build tags are proposed: a code and a part of the message at "=",
// and at "!" what only looks alike.
func TestAdviseLinked(t *testing.T) {
	if testing.Short() {
		t.Skip("links real programs")
	}
	for _, c := range cases.Read(t, "testdata/linked.txt") {
		words := strings.Fields(c.Text("@"))
		kind, tags := words[0], words[1:]
		t.Run(c.Name, func(t *testing.T) {
			programtest.SkipUnlessQuick(t, "amd64", kind)
			programtest.Compile(t, "amd64", kind)
			cs, err := AdviseProgram(context.Background(), programs, "./"+kind, nil, lambdaOptions(tags...))
			if err != nil {
				t.Fatal(err)
			}
			checkAdvice(t, cs)
			has := func(want string) bool {
				code, part, _ := strings.Cut(want, " ")
				return slices.ContainsFunc(cs, func(c Advice) bool { return c.Code == code && strings.Contains(c.Message, part) })
			}
			for _, want := range c.Lines("=") {
				if !has(want) {
					t.Errorf("no %s in\n%s", want, format(cs))
				}
			}
			for _, not := range c.Lines("!") {
				if has(not) {
					t.Errorf("%s in\n%s", not, format(cs))
				}
			}
			for _, c := range cs {
				t.Logf("%s at %s: %s", c.Code, c.Position, c.Message)
				if c.Code == "lambda-norpc" && (c.BehaviourChanges != "" || !slices.Equal(c.Change.Tags, []string{"lambda.norpc"})) {
					t.Errorf("%+v", c)
				}
			}
		})
	}
}

// TestAdviseHeavy checks a dependency's share against the shipped program's bytes.
func TestAdviseHeavy(t *testing.T) {
	programtest.SkipUnlessQuick(t, "amd64", "aws")
	shipped := bytes.NewReader(programtest.Link(t, "aws", "amd64", "-s -w"))
	sibling := bytes.NewReader(programtest.Link(t, "aws", "amd64", "-w"))
	a, err := gobin.Attribute(shipped, shipped.Size(), sibling, sibling.Size())
	if err != nil {
		t.Fatal(err)
	}
	cs, err := advise("aws", &a)
	if err != nil {
		t.Fatal(err)
	}
	checkAdvice(t, cs)
	i := slices.IndexFunc(cs, func(c Advice) bool {
		return c.Code == "heavy-dependency" && strings.Contains(c.Message, "aws-sdk-go-v2/config")
	})
	if i < 0 {
		t.Fatalf("no advice about config in\n%s", format(cs))
	}
	// Measured: without package config the program is 16% smaller.
	if share := float64(cs[i].Kept) / float64(a.Size); share < 0.05 || share > 0.25 {
		t.Errorf("config keeps %.1f%%", 100*share)
	}
	t.Log(cs[i].Message)
}

func TestAdviseManyPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("lists real packages")
	}
	_, err := AdviseProgram(context.Background(), programs, "./...", nil, lambdaOptions())
	var d analyzer.Diagnostic
	if !errors.As(err, &d) || d.Code != "many-programs" {
		t.Errorf("error %v", err)
	}
}

// TestHeavy checks which dependencies are said to be large for their use, by the sizes of their
// sources: the programs are not linked.
func TestHeavy(t *testing.T) {
	if testing.Short() {
		t.Skip("lists real programs")
	}
	for _, c := range cases.Read(t, "testdata/heavy.txt") {
		kind := c.Text("@")
		loaded, err := gobin.Load(t.Context(), programs, "./"+kind, lambdaOptions("lambda.norpc"))
		if err != nil {
			t.Fatal(err)
		}
		p := &program{Programs: loaded, main: loaded.Mains()[0], attribution: &gobin.Attribution{}, code: "heavy-dependency"}
		for _, n := range p.Reached(p.main) {
			for _, file := range n.Files {
				if st, err := os.Stat(file); err == nil {
					p.attribution.Size += st.Size()
					p.attribution.Rows = append(p.attribution.Rows, gobin.Row{Package: n.Path, Bytes: st.Size()})
				}
			}
		}
		p.heavyDependency()
		var got []string
		for _, a := range p.found {
			got = append(got, a.Code+" "+a.Package)
		}
		slices.Sort(got)
		if want := c.Lines("="); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", c.Name, got, want)
		}
	}
}
