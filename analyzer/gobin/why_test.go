package gobin

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin/programtest"
	"github.com/featherpack/featherpack/analyzer/inputtest"
)

const programs = "../../testdata/programs"

// lambdaOptions returns the options to build the test programs for Lambda.
func lambdaOptions(tags ...string) Options {
	return Options{GOOS: "linux", GOARCH: "amd64", Tags: tags, Flags: []string{"-buildvcs=false"}}
}

// show writes an answer as readable text.
func show(a Answer) string {
	var b strings.Builder
	b.WriteString(a.Target + " by " + string(a.By) + ": " + a.Because + "\n")
	for _, p := range a.Paths {
		for _, s := range p.Steps {
			b.WriteString("\t" + s.Relation + " " + s.Name + " " + s.Position.String() + "\n")
		}
	}
	return b.String()
}

// TestWhyPackage explains a package from the import declarations.
func TestWhyPackage(t *testing.T) {
	if testing.Short() {
		t.Skip("lists real packages")
	}
	a, err := Why(context.Background(), programs, "./minimal", "net/rpc", lambdaOptions())
	if err != nil {
		t.Fatal(err)
	}
	want := `net/rpc by imports: a package is in a program because it is imported
	 example.com/programs/minimal 
	imports github.com/aws/aws-lambda-go/lambda minimal/main.go:7:2
	imports net/rpc github.com/aws/aws-lambda-go@v1.55.1/lambda/entry.go:0
`
	got := show(a)
	if i := strings.Index(got, "net/rpc github.com"); i < 0 || got[:i] != want[:strings.Index(want, "net/rpc github.com")] {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	last := a.Paths[0].Steps[2]
	if !strings.HasPrefix(last.File, "github.com/aws/aws-lambda-go@v1.55.1/lambda/") || last.Line == 0 || last.Column == 0 {
		t.Errorf("the import is at %v", last.Position)
	}
	if len(a.Paths[0].Importers) == 0 {
		t.Error("no importers")
	}
	byImports := lambdaOptions("lambda.norpc")
	byImports.By = ByImports
	// Each importer has its own path, and every step except the first has a position.
	a, err = Why(context.Background(), programs, "./minimal", "encoding/json", byImports)
	if err != nil {
		t.Fatal(err)
	}
	if p := a.Paths[0]; len(p.Importers) < 2 || len(p.Others) != len(p.Importers)-1 {
		t.Errorf("%d importers and %d other ways", len(p.Importers), len(p.Others))
	}
	for _, way := range a.Paths[0].Others {
		for i, s := range way {
			if i > 0 && s.Line == 0 || strings.HasPrefix(s.File, "/") {
				t.Errorf("step %+v has no fit position", s)
			}
		}
	}

	_, err = Why(context.Background(), programs, "./minimal", "net/rpc", byImports)
	var d analyzer.Diagnostic
	if !errors.As(err, &d) || d.Code != "not-in-program" {
		t.Errorf("with lambda.norpc: %v, want not-in-program", err)
	}
}

// TestWhyManyPrograms explains a package in all programs at once.
func TestWhyManyPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("lists real packages")
	}
	for _, c := range []struct{ target, pkg, in, without string }{
		{"text/template", "text/template", "gin grpc pgx", "aws byname clients empty faults looks minimal named small"},
		{"service/dynamodb", "github.com/aws/aws-sdk-go-v2/service/dynamodb", "aws clients", "byname empty faults gin grpc looks minimal named pgx small"},
		{"github.com/gin-gonic/gin", "github.com/gin-gonic/gin", "gin", "aws byname clients empty faults grpc looks minimal named pgx small"},
		{"github.com/aws/smithy-go", "github.com/aws/smithy-go", "aws clients", "byname empty faults gin grpc looks minimal named pgx small"},
		{"google.golang.org/genproto/googleapis/rpc", "google.golang.org/genproto/googleapis/rpc/status", "grpc", "aws byname clients empty faults gin looks minimal named pgx small"},
	} {
		a, err := Why(context.Background(), programs, "./...", c.target, lambdaOptions("lambda.norpc"))
		if err != nil {
			t.Fatal(err)
		}
		var in, without []string
		for _, p := range a.Paths {
			in = append(in, strings.TrimPrefix(p.Main, "example.com/programs/"))
			for i, s := range p.Steps {
				if i > 0 && (s.Line == 0 || strings.HasPrefix(s.File, "/")) {
					t.Errorf("step %+v has no fit position", s)
				}
			}
		}
		for _, m := range a.Without {
			without = append(without, strings.TrimPrefix(m, "example.com/programs/"))
		}
		if a.Target != c.pkg || strings.Join(in, " ") != c.in || strings.Join(without, " ") != c.without {
			t.Errorf("%s: %s in %v, without %v", c.target, a.Target, in, without)
		}
	}
}

// TestWhySymbol checks that a symbol is explained by calls if there is a call path,
// and otherwise by the linker.
func TestWhySymbol(t *testing.T) {
	if testing.Short() {
		t.Skip("loads real programs")
	}
	loaded := map[string]*Programs{} // each once, since that takes most of the time
	stages := 0
	for _, c := range []struct {
		main, target string
		by           Source
		want         []string
	}{
		{"./small", "main.handle", ByCalls, []string{
			" example.com/programs/small.main ",
			"calls example.com/programs/small.serve small/main.go:19:20",
			"calls by reflection example.com/programs/small.handle",
		}},
		{"./small", "os.Getenv", ByCalls, []string{"calls os.Getenv small/main.go:12:"}},
		// A variable is not called.
		{"./small", "os.Stdout", ByLinker, []string{"refers to os.Stdout"}},
		// A symbol that nothing reaches is in no program.
		{"./small", "os.(*File).Chdir", ByLinker, []string{"removes it from every program"}},
		// The handler is called by reflection, through the library.
		{"./minimal", "main.handle", ByCalls, []string{
			" example.com/programs/minimal.main ",
			"calls github.com/aws/aws-lambda-go/lambda.Start minimal/main.go:18:27",
			"calls by reflection example.com/programs/minimal.handle",
		}},
		{"./minimal", "net/http.Client.Do", ByCalls, []string{"calls net/http.(*Client).Do github.com/aws/aws-lambda-go@v1.55.1/lambda/"}},
		{"./minimal", "net/http.DefaultTransport", ByLinker, []string{"refers to net/http.DefaultTransport"}},
		// validator's MethodByName disables method pruning, so gin's types keep methods
		// that nothing calls.
		{"./gin", "github.com/gin-gonic/gin.(*Context).ProtoBuf", ByLinker, []string{
			"is a type that keeps its method github.com/gin-gonic/gin.(*Context).ProtoBuf",
		}},
		// Templates disable it too.
		{"./pgx", "github.com/jackc/pgx/v5.(*Conn).DeallocateAll", ByLinker, []string{
			"is a type that keeps its method github.com/jackc/pgx/v5.(*Conn).DeallocateAll",
		}},
		{"./minimal", "net/http.(*Client).PostForm", ByLinker, []string{"removes it from every program"}},
	} {
		t.Run(c.target, func(t *testing.T) {
			kind := strings.TrimPrefix(c.main, "./")
			programtest.SkipUnlessQuick(t, "amd64", kind)
			if kind != "small" && !programtest.Long() {
				t.Skip("loads a program with net/http; FEATHERPACK_LONG=1 runs it, and .ci/run does")
			}
			programtest.Compile(t, "amd64", kind)
			stages = 0
			least := 1
			if loaded[c.main] == nil {
				o := lambdaOptions("lambda.norpc")
				o.Progress = func(string) { stages++ }
				p, err := Load(context.Background(), programs, c.main, o)
				if err != nil {
					t.Fatal(err)
				}
				loaded[c.main], least = p, 2
			}
			var by Source
			if c.by == ByLinker && kind != "minimal" && kind != "small" {
				by = ByLinker // avoids loading 500 packages
			}
			a, err := loaded[c.main].Why(c.target, by)
			if err != nil {
				t.Fatal(err)
			}
			got := show(a)
			if a.By != c.by {
				t.Errorf("answered by %s, want %s", a.By, c.by)
			}
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in\n%s", want, got)
				}
			}
			if strings.Contains(got, " /") {
				t.Errorf("an absolute path in\n%s", got)
			}
			if stages < least {
				t.Errorf("%d progress lines", stages)
			}
			t.Log(got)
		})
	}
}

func TestWhyBadTargets(t *testing.T) {
	if testing.Short() {
		t.Skip("lists real packages")
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	module := func(goMod, source string) string {
		dir := t.TempDir()
		for name, text := range map[string]string{"go.mod": goMod, "main.go": source} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	newer := module("module m\ngo 1.99\n", "package main\nfunc main() {}\n")
	unsummed := module("module m\ngo 1.26\nrequire github.com/aws/aws-lambda-go v1.55.1\n",
		"package main\nimport \"github.com/aws/aws-lambda-go/lambda\"\nfunc main() { lambda.Start(nil) }\n")
	broken := module("module m\ngo 1.26\n", "package main\nimport \"errors\nfunc main() {}\n")
	for _, c := range []struct {
		name, dir, pattern, target, code string
		ctx                              context.Context
		env                              []string
	}{
		{name: "unknown package", pattern: "./minimal", target: "net/htp", code: "not-in-program"},
		{name: "ambiguous end", pattern: "./aws", target: "types", code: "ambiguous-package"},
		{name: "no main", pattern: "fmt", target: "errors", code: "no-main-package"},
		{name: "no such folder", pattern: "./nothing", target: "errors", code: "go-list"},
		{name: "empty target", pattern: "./minimal", target: "", code: "not-in-program"},
		{name: "cancelled", pattern: "./minimal", target: "errors", ctx: cancelled},
		{name: "toolexec", pattern: "./minimal", target: "fmt.Println", code: "go-flag-refused", env: []string{"GOFLAGS=-toolexec=/bin/true"}},
		{name: "quoted toolexec", pattern: "./minimal", target: "fmt.Println", code: "go-flag-refused", env: []string{"GOFLAGS='-toolexec=/bin/true x'"}},
		{name: "packages driver", pattern: "./minimal", target: "net/htp", code: "not-in-program", env: []string{"GOPACKAGESDRIVER=/bin/false"}},
		{name: "no go command", pattern: "./minimal", target: "errors", code: "no-go-toolchain", env: []string{"PATH="}},
		{name: "newer Go", dir: newer, pattern: ".", target: "errors", code: "go-list"},
		{name: "missing go.sum", dir: unsummed, pattern: ".", target: "errors", code: "go-list"},
		{name: "does not parse", dir: broken, pattern: ".", target: "errors", code: "go-list"},
		{name: "no such directory", dir: broken + "/nothing", pattern: ".", target: "errors", code: "go-list"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx := c.ctx
			if ctx == nil {
				ctx = context.Background()
			}
			for _, e := range c.env {
				k, v, _ := strings.Cut(e, "=")
				t.Setenv(k, v)
			}
			dir := c.dir
			if dir == "" {
				dir = programs
			}
			_, err := Why(ctx, dir, c.pattern, c.target, lambdaOptions("lambda.norpc"))
			if c.code == "" {
				if !errors.Is(err, context.Canceled) {
					t.Errorf("error %v", err)
				}
				return
			}
			var d analyzer.Diagnostic
			if !errors.As(err, &d) || d.Code != c.code || d.Hint == "" {
				t.Errorf("error %#v, want code %s", err, c.code)
			}
			t.Logf("%v; %s", d, d.Hint)
			here, err := filepath.Abs(dir)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(d.Error()+d.Hint, here) {
				t.Errorf("a path of this machine in %q %q", d.Error(), d.Hint)
			}
		})
	}
}

func TestPlainName(t *testing.T) {
	for _, name := range []string{"net/http.(*Client).Do", "net/http.Client.Do", "(*net/http.Client).Do", "net/http.(*Client[go.shape.int]).Do"} {
		if got := plainName(name); got != "net/http.Client.Do" {
			t.Errorf("plainName(%q) = %q", name, got)
		}
	}
}

// FuzzReadEdges reads arbitrary linker output.
func FuzzReadEdges(f *testing.F) {
	f.Add("_ -> main.main\nmain.main -> type:T <UsedInIface><ReflectMethod>\ntype:T -> main.T.M\n# x\nmain.go:1: no\n", "main.T.M")
	f.Add("a -> b\nb -> a\n", "a")
	f.Fuzz(func(t *testing.T, out, symbol string) {
		defer inputtest.Bound(t)()
		edges, _ := readEdges(strings.NewReader(out))
		for _, s := range linkSteps(edges, symbol, "x") {
			if len(s.Name) > len(out)+len(symbol) {
				t.Errorf("step %q", s.Name)
			}
		}
	})
}
