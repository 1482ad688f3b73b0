package lint

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
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

// TestAdviseReflect checks, for each program, why the linker keeps every exported
// method and which build tags are proposed.
func TestAdviseReflect(t *testing.T) {
	if testing.Short() {
		t.Skip("links real programs")
	}
	for _, c := range []struct {
		kind string
		tags []string
		want []string // code, then a part of the message
		not  []string
	}{
		{"minimal", nil, []string{"lambda-norpc|go1.x runtime", "build-tag|nethttpomithttp2"}, []string{"build-tag|norpc"}},
		{"minimal", []string{"lambda.norpc"}, nil, []string{"reflect-method|", "lambda-norpc|", "template-reached|"}},
		{"aws", []string{"lambda.norpc"}, []string{"build-tag|nethttpomithttp2"}, []string{"reflect-method|", "template-reached|"}},
		{"gin", []string{"lambda.norpc"}, []string{"reflect-method|tryCallValidateFn", "build-tag|nomsgpack", "build-tag|notfastpath", "template-reached|"}, nil},
		{"pgx", []string{"lambda.norpc"}, []string{"template-reached|example.com/programs/pgx"}, []string{"reflect-method|"}},
		{"grpc", []string{"lambda.norpc"}, []string{"template-reached|golang.org/x/net/trace", "build-tag|grpcnotrace"}, []string{"build-tag|protolegacy"}},
		{"grpc", []string{"lambda.norpc", "grpcnotrace"}, nil, []string{"template-reached|", "build-tag|grpcnotrace"}},
	} {
		t.Run(c.kind+" "+strings.Join(c.tags, ","), func(t *testing.T) {
			programtest.SkipUnlessQuick(t, "amd64", c.kind)
			programtest.Compile(t, "amd64", c.kind)
			cs, err := AdviseProgram(context.Background(), programs, "./"+c.kind, nil, lambdaOptions(c.tags...))
			if err != nil {
				t.Fatal(err)
			}
			checkAdvice(t, cs)
			has := func(want string) bool {
				code, part, _ := strings.Cut(want, "|")
				return slices.ContainsFunc(cs, func(c Advice) bool { return c.Code == code && strings.Contains(c.Message, part) })
			}
			for _, want := range c.want {
				if !has(want) {
					t.Errorf("no %s in\n%s", want, format(cs))
				}
			}
			for _, not := range c.not {
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
