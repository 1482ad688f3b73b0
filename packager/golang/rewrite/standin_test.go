package rewrite

import (
	"context"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/featherpack/featherpack/analyzer/gobin"
	"github.com/featherpack/featherpack/analyzer/gobin/programtest"
)

// TestStandInCompiles checks that code compiles against the stand-in, whatever it
// uses of the package, and that the stand-in contains none of the package's code.
func TestStandInCompiles(t *testing.T) {
	const dependency = `package dep

import "io"

type Client struct {
	Name string
	opts *options
	Inner
}
type Inner struct{ Retries int }
type options struct{ w io.Writer }
type Option func(*options)
type Mode int
const (
	Fast Mode = iota + 1
	Slow
)
const Ratio, Half, Letter, Text = 2.0, 1.0 / 3, 'x', "a\"b"
var ErrGone error = &Problem{}
type Problem struct{ Code int }
func (p *Problem) Error() string { return "heavy code" }
type Handler interface {
	Handle(c *Client, to chan<- Mode) (n int, err error)
	io.Closer
}
type Func func(io.Reader) error
func (f Func) Do(r io.Reader) error { return f(r) }
type List[T comparable] struct{ items []T }
func (l *List[T]) Push(items ...T) *List[T] { l.items = append(l.items, items...); return l }
func Map[K comparable, V any](of map[K]V, f func(V) V) map[K]V { return of }
type Number interface{ ~int | ~float64 }
func Sum[T Number](of ...T) (s T) { return s }
type Old = Client
func New(name string, opts ...Option) (*Client, error) { return &Client{Name: "heavy code"}, nil }
func WithWriter(w io.Writer) Option { return func(o *options) { o.w = w } }
func (c *Client) Serve(h Handler) {}
func (c *Client) Unused() { panic("heavy code") }
func (i Inner) Again() bool { return i.Retries > 0 }
`
	for _, c := range []struct {
		name, user string
		calls      string
		wideOnly   bool
	}{
		{name: "functions and options", user: `c, err := dep.New("a", dep.WithWriter(nil)); _, _ = c, err`, calls: "New WithWriter"},
		{name: "a field and a method", user: `c, _ := dep.New("a"); c.Name = "b"; c.Serve(nil)`, calls: "Client.Serve New"},
		{name: "by embedding", user: `c, _ := dep.New("a"); _ = c.Again(); _ = c.Retries`, calls: "Inner.Again New"},
		{name: "an interface of its own", user: `var h dep.Handler; n, err := h.Handle(nil, nil); _, _ = n, err`, calls: "Handler.Handle"},
		{name: "constants", user: `var m dep.Mode = dep.Slow; const r = dep.Half + dep.Ratio; var l rune = dep.Letter; _, _, _, _ = m, l, dep.Text, dep.Fast`},
		{name: "a function type", user: `_ = dep.Func(nil).Do(nil)`, calls: "Func.Do"},
		{name: "generic", user: `l := &dep.List[string]{}; l.Push("a").Push("b"); _ = dep.Map(map[int]int{}, nil); _ = dep.Sum[float64](1)`, calls: "List.Push Map Sum"},
		{name: "an alias", user: `var o dep.Old; _ = o.Name`},
		{name: "a variable", user: `if dep.ErrGone == nil { return }`},
		{name: "embedded in the project's own", user: `type own struct{ *dep.Client }; o := own{}; o.Serve(nil); _ = o.Client`, calls: "Client.Serve"},
		{name: "what makes it an error", user: `var err error = &dep.Problem{Code: 1}; _ = err`, wideOnly: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			fset := token.NewFileSet()
			std := importer.Default()
			check := func(path, text string, imports map[string]*types.Package) (*packages.Package, error) {
				f, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
				if err != nil {
					t.Fatalf("%v in\n%s", err, text)
				}
				p := &packages.Package{Syntax: []*ast.File{f}, TypesInfo: &types.Info{Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}}
				config := types.Config{Importer: importerFunc(func(path string) (*types.Package, error) {
					if p := imports[path]; p != nil {
						return p, nil
					}
					return std.Import(path)
				})}
				p.Types, err = config.Check(path, fset, p.Syntax, p.TypesInfo)
				return p, err
			}
			dep, err := check("example.com/dep", dependency, nil)
			if err != nil {
				t.Fatal(err)
			}
			user := "package main\n\nimport \"example.com/dep\"\n\nfunc main() { " + c.user + " }\n"
			p, err := check("main", user, map[string]*types.Package{"example.com/dep": dep.Types})
			if err != nil {
				t.Fatal(err)
			}
			u := &usage{dependency: "example.com/dep", of: dep.Types, used: map[types.Object]bool{}, calls: map[string]bool{}}
			u.read(p)
			if got := strings.Join(u.called(), " "); got != c.calls {
				t.Errorf("calls %q, want %q", got, c.calls)
			}
			for _, wide := range []bool{false, true} {
				text := writeStandIn(dep.Types, u.used, wide)
				if strings.Contains(text, "heavy code") || text != writeStandIn(dep.Types, u.used, wide) {
					t.Errorf("contains code, or differs between runs:\n%s", text)
				}
				if !wide && strings.Contains(text, "Unused") {
					t.Errorf("declares what nothing uses:\n%s", text)
				}
				standIn, err := check("example.com/svc/standin", text, nil)
				if err != nil {
					t.Fatalf("wide %v: %v\n%s", wide, err, text)
				}
				if _, err := check("main", user, map[string]*types.Package{"example.com/dep": standIn.Types}); (err == nil) != (wide || !c.wideOnly) {
					t.Errorf("wide %v: %v\n%s", wide, err, text)
				}
			}
		})
	}
}

type importerFunc func(string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// TestStandInChanges checks that the files that import a dependency import the
// stand-in under the dependency's name, together with any other change.
func TestStandInChanges(t *testing.T) {
	s := StandIn{
		Dependency: "example.com/dep/v2", Importers: []string{"a.go"}, name: "dep",
		path: "example.com/svc/in0", file: "in0/standin.go", texts: [2]string{"package dep\n", "package dep\n\n"},
	}
	for text, want := range map[string]string{
		"package a\n\nimport \"example.com/dep/v2\"\n":                                               "package a\n\nimport dep \"example.com/svc/in0\"\n",
		"package a\n\nimport (\n\tx `example.com/dep/v2`\n\t_ \"example.com/dep/v2\"\n\t\"io\"\n)\n": "package a\n\nimport (\n\tx \"example.com/svc/in0\"\n\t_ \"example.com/svc/in0\"\n\t\"io\"\n)\n",
		"package a\n\nimport . \"example.com/dep/v2\"\nimport \"example.com/dep/v2/sub\"\n":          "package a\n\nimport . \"example.com/svc/in0\"\nimport \"example.com/dep/v2/sub\"\n",
	} {
		changes, err := s.Changes(func(file string) ([]byte, error) { return []byte(text), nil })
		if err != nil || len(changes) != 2 {
			t.Fatal(changes, err)
		}
		for i, c := range changes {
			if got := string(c.Overlay["a.go"]); got != want || string(c.Overlay["in0/standin.go"]) != s.texts[i] {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		}
	}
}

// TestStandInsOfPrograms checks what the real programs use of their modules. The tests
// of measuring check that the result links.
func TestStandInsOfPrograms(t *testing.T) {
	programtest.SkipUnlessQuick(t, "amd64", "aws")
	programtest.Compile(t, "amd64", "aws") // skips short tests
	const config = "github.com/aws/aws-sdk-go-v2/config"
	standIns, err := StandIns(context.Background(), "../../../testdata/programs", "./aws", []string{config, "example.com/not/imported"},
		gobin.Options{GOOS: "linux", GOARCH: "amd64", Tags: []string{"lambda.norpc"}, Flags: []string{"-buildvcs=false"}})
	if err != nil || len(standIns) != 1 {
		t.Fatal(standIns, err)
	}
	s := standIns[0]
	if s.Dependency != config || !slices.Equal(s.Importers, []string{"aws/main.go"}) || !slices.Contains(s.Calls, "LoadDefaultConfig") {
		t.Errorf("%+v", s)
	}
	if !strings.Contains(s.texts[0], "func LoadDefaultConfig(ctx context_.Context, optFns ...func(*LoadOptions) error) (cfg aws_.Config, err error)") {
		t.Errorf("%s", s.texts[0])
	}
}
