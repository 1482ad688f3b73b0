package lint

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/cases"
	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/js"
)

// TestAdvice checks the advice about the module at "@", on the version of Node behind its name,
// and with an environment without the AWS SDK v2's setting where that is named too: code, line, package, inputs. Files named b.* are not entry points. A line of "+" is an input
// of the bundle: PATH VERSION BYTES [FORMAT] [>IMPORTED]. "%" is a file
// of the artifact: PATH BYTES. "~" is the text with the edits made,
// and "!" a rule for which the case only looks alike.
func TestAdvice(t *testing.T) {
	for _, file := range []string{"testdata/node.txt", "testdata/started.txt", "testdata/agents.txt", "testdata/invoked.txt", "testdata/encodings.txt", "testdata/bundles.txt", "testdata/containers.txt", "testdata/compiled.txt"} {
		for _, c := range cases.Read(t, file) {
			t.Run(c.Name, func(t *testing.T) { checkAdviceOf(t, c) })
		}
	}
}

func checkAdviceOf(t *testing.T, c cases.Case) {
	t.Helper()
	words := strings.Fields(c.Text("@"))
	source := []byte(c.Text(">"))
	s := Subject{Paths: words[:1], Handler: "handler", Files: map[string]int64{}}
	if strings.HasPrefix(words[0], "b") {
		s.Handler = ""
	}
	if len(words) > 1 {
		s.Node, _ = strconv.Atoi(words[1])
	}
	s.ReuseUnset = len(words) > 2 && words[2] == "reuse-unset"
	for _, line := range c.Lines("+") {
		in, bytes := readInput(t, line)
		s.Inputs, s.Bytes = append(s.Inputs, in), append(s.Bytes, bytes)
	}
	s.Modules = oneWithPackages{oneModule{js.File{Path: words[0], Source: source}}, s.Inputs}
	s.Opens = func(_, subpath, _ string) bool { return !strings.HasPrefix(subpath, "src/") }
	for _, line := range c.Lines("%") {
		name, bytes, _ := strings.Cut(line, " ")
		s.Files[name], _ = strconv.ParseInt(bytes, 10, 64)
	}
	var got []string
	var edits []Edit
	for _, a := range AdviseFunction(s) {
		if a.Message == "" || a.Hint == "" || a.Source == "" || a.BehaviourChanges == "" || len(a.Inputs) == 0 && (a.File != words[0] || a.Column == 0) {
			t.Errorf("incomplete: %+v", a)
		}
		line := fmt.Sprintf("%s %d %s", a.Code, a.Line, a.Package)
		if len(a.Inputs) > 0 {
			line += fmt.Sprintf(" %v", a.Inputs)
		}
		got, edits = append(got, strings.Join(strings.Fields(line), " ")), append(edits, a.Edits...)
	}
	if want := c.Lines("="); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if want := c.Lines("~"); len(want) > 0 && string(Apply(source, edits)) != strings.Join(want, "\n") {
		t.Errorf("edited to %q, want %q", Apply(source, edits), want)
	}
}

// oneWithPackages is a function of one module that imports JSON files beside it, and packages whose
// entry points are in index.js.
type oneWithPackages struct {
	oneModule
	inputs []analyzer.Input
}

func (o oneWithPackages) Resolve(from, specifier string) string {
	if strings.HasPrefix(specifier, ".") && strings.HasSuffix(specifier, ".json") {
		return path.Join(path.Dir(from), specifier)
	}
	for _, in := range o.inputs {
		if in.Path == "node_modules/"+specifier+"/index.js" {
			return in.Path
		}
	}
	return ""
}

// readInput reads an input of a bundle. Its package is the last one of the path.
func readInput(t *testing.T, line string) (in analyzer.Input, bytes int64) {
	t.Helper()
	if _, err := fmt.Sscan(line, &in.Path, &in.Version, &bytes); err != nil {
		t.Fatal(err)
	}
	for _, word := range strings.Fields(line)[3:] { // the format, and >N for an import
		var im analyzer.Import
		if _, err := fmt.Sscanf(word, ">%d", &im.To); err != nil {
			in.Format = word
		} else {
			in.Imports = append(in.Imports, im)
		}
	}
	if _, rest, ok := strings.Cut(in.Path[strings.LastIndex("/"+in.Path, "/node_modules/")+1:]+"/", "ode_modules/"); ok {
		parts := strings.SplitN(rest, "/", 3)
		if in.Package = parts[0]; strings.HasPrefix(rest, "@") {
			in.Package += "/" + parts[1]
		}
	}
	return in, bytes
}

// TestStandInIsAStatement checks that the stand-in for a statement does not go on with the line
// before it, which may lack a semicolon.
func TestStandInIsAStatement(t *testing.T) {
	const before = "const { execSync } = require('child_process')\nexecSync('make')\nconst made = execSync('ls')\nexports.handler = async () => made\n"
	var edits []Edit
	for _, a := range AdviseModule(js.File{Path: "a.js", Source: []byte(before)}, "handler") {
		edits = append(edits, a.Without...)
	}
	want := strings.NewReplacer("execSync('make')", "void "+standIn, "execSync('ls')", standIn).Replace(before)
	if got := string(Apply([]byte(before), edits)); got != want {
		t.Errorf("got %s", got)
	}
}

func TestReplacementsAreRead(t *testing.T) {
	if len(replacements()) < 350 {
		t.Errorf("only %d packages", len(replacements()))
	}
}

func TestAdviseInvalidUTF8(t *testing.T) {
	if got := AdviseModule(js.File{Path: "b.ts", Source: []byte("import 'moment'; `\xf5")}, ""); got != nil {
		t.Errorf("got %+v", got)
	}
}

// FuzzAdviseModule checks that no source makes AdviseModule panic and that every
// advice has a position.
func FuzzAdviseModule(f *testing.F) {
	for _, s := range []string{
		"export const handler = middy(async () => { new S3Client({}) })", "exports.handler = f; function f() { f() }",
		"import * as a from 'b'; c(a)", "const a = a.b; new a",
		"module.exports = { handler: handler }; const handler = handler",
		"export default class { static { new (require('pg').Pool) } }",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		defer inputtest.Bound(t)()
		for _, path := range []string{"a.js", "a.ts"} {
			for _, a := range AdviseModule(js.File{Path: path, Source: []byte(source)}, "handler") {
				if a.Line < 1 || a.Column < 1 {
					t.Fatalf("%+v has no place", a)
				}
			}
		}
	})
}
