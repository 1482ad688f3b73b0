package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/advise"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/packager/boot"
)

// pages returns the names of the Markdown files for users.
func pages(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, glob := range []string{
		"../../README.md", "../../CHANGELOG.md", "docs/*.md", "hook/*.md", "hook/npm/*.md",
		"../../testdata/apps/*/README.md",
	} {
		found, err := filepath.Glob(glob)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", glob, err)
		}
		all = append(all, found...)
	}
	return all
}

func readPage(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var generated = regexp.MustCompile(`(?s)(<!-- generated: ([a-zA-Z]+) -->\n).*?(<!-- end of generated -->)`)

// TestDocsTables compares the pages' generated tables with the program. -update rewrites
// them. testdata/bench/peers.py writes the table of peers, functions.py those of single
// functions, load.py those of loads and scale.py that of large repositories, attackstest that of attacks, fieldtest that of
// functions of the field, and TestShapes that of shapes.
func TestDocsTables(t *testing.T) {
	tables := settingTables(t)
	tables["flags"] = flagTable()
	tables["passes"] = passTable()
	tables["nodes"] = nodeTable()
	tables["adviceCodes"], tables["adviceExplained"] = advise.Table(), advise.Paragraphs()
	seen := map[string]bool{"peers": true, "peerFunctions": true, "attacks": true, "field": true, "load": true, "loadModes": true, "shapes": true, "scale": true}
	for _, name := range pages(t) {
		text := readPage(t, name)
		made := generated.ReplaceAllStringFunc(text, func(found string) string {
			m := generated.FindStringSubmatch(found)
			if seen[m[2]] && tables[m[2]] == "" {
				return found
			}
			seen[m[2]] = true
			if tables[m[2]] == "" {
				t.Errorf("%s: no code generates the table %s", name, m[2])
			}
			return m[1] + tables[m[2]] + m[3]
		})
		if made != text {
			clitest.Golden(t, name, made)
		}
	}
	for name := range tables {
		if !seen[name] {
			t.Errorf("no page has the table %s", name)
		}
	}
}

// flagTable lists every flag. A flag has one row for each different description.
func flagTable() string {
	type row struct{ typed, does string }
	commandsOf := map[row][]string{}
	for _, c := range commands() {
		set := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
		c.flags(set)
		set.VisitAll(func(f *pflag.Flag) {
			typed, does := flagText(f)
			commandsOf[row{typed, does}] = append(commandsOf[row{typed, does}], "`"+c.name+"`")
		})
	}
	key := func(r row) string { return r.typed[strings.Index(r.typed, "--"):] + r.does }
	rows := slices.SortedFunc(maps.Keys(commandsOf), func(a, b row) int { return strings.Compare(key(a), key(b)) })
	var b strings.Builder
	b.WriteString("| flag | does | commands |\n|---|---|---|\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.typed, r.does, strings.Join(commandsOf[r], ", "))
	}
	return b.String()
}

// passTable lists every pass in its order.
func passTable() string {
	var b strings.Builder
	b.WriteString("| pass | runs | does |\n|---|---|---|\n")
	for _, p := range analyzer.Passes {
		name := "`" + p.Name + "`"
		if p.Required {
			name = p.Name + " (always on)"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", name, p.Stage, p.Does)
	}
	return b.String()
}

func nodeTable() string {
	var b strings.Builder
	b.WriteString("| runtime | known Nodes, x86_64 | arm64 | Lambda was last seen with | date | because |\n|---|---|---|---|---|---|\n")
	for _, s := range boot.Sightings() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | at most %s | %s | [%s](%s) |\n", s.Runtime,
			strings.Join(boot.KnownNodes(s.Runtime, "x86_64"), ", "), strings.Join(boot.KnownNodes(s.Runtime, "arm64"), ", "),
			s.Version, s.Date, s.Evidence, s.Source)
	}
	return b.String()
}

// property holds the keywords of JSON Schema that the settings use.
type property struct {
	Ref         string              `json:"$ref"`
	Description string              `json:"description"`
	Type        any                 `json:"type"`
	Enum        []any               `json:"enum"`
	Default     any                 `json:"default"`
	Examples    []json.RawMessage   `json:"examples"`
	Properties  map[string]property `json:"properties"`
	Items       *property           `json:"items"`
	Additional  json.RawMessage     `json:"additionalProperties"`
	OneOf       []property          `json:"oneOf"`
	Defs        map[string]property `json:"$defs"`
}

// settingTables returns a table for each section of the schema of featherpack.yaml.
func settingTables(t *testing.T) map[string]string {
	t.Helper()
	schemas, err := filepath.Glob("../../analyzer/manifest/*/featherpack.schema.json")
	if err != nil || len(schemas) != 1 {
		t.Fatalf("%q: %v", schemas, err)
	}
	text := readPage(t, schemas[0])
	var schema property
	if err := json.Unmarshal([]byte(text), &schema); err != nil {
		t.Fatal(err)
	}
	var function property
	if err := json.Unmarshal(schema.Properties["functions"].Additional, &function); err != nil {
		t.Fatal(err)
	}
	build := schema.Defs["build"]
	own := map[string]property{}
	for name, p := range function.OneOf[1].Properties {
		if _, shared := build.Properties[name]; !shared {
			own[name] = p
		}
	}
	budgets := maps.Clone(schema.Properties["budgets"].Items.Properties)
	budgets["package:NAME"] = property{Description: "Size of one package in the zip."}
	rows := func(properties map[string]property) string {
		var b strings.Builder
		b.WriteString("| setting | means | default |\n|---|---|---|\n")
		for _, name := range keysIn(text, properties) {
			p := properties[name]
			if def, ok := schema.Defs[strings.TrimPrefix(p.Ref, "#/$defs/")]; ok && p.Description == "" {
				p = def
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, p.means(), p.byDefault())
		}
		return b.String()
	}
	return map[string]string{
		"functions": rows(own), "build": rows(build.Properties), "budgets": rows(budgets),
		"coldStart": rows(schema.Properties["coldStart"].Properties),
		"cache":     rows(schema.Properties["cache"].Properties),
		"advice":    rows(schema.Properties["advice"].Properties["ignore"].Items.Properties),
		"install":   rows(schema.Properties["install"].Properties),
	}
}

// keysIn sorts names by their first position in a schema's text. Other names come last.
func keysIn(text string, properties map[string]property) []string {
	place := func(name string) int {
		if at := strings.Index(text, `"`+name+`": {`); at >= 0 {
			return at
		}
		return len(text)
	}
	return slices.SortedFunc(maps.Keys(properties), func(a, b string) int { return place(a) - place(b) })
}

func (p property) means() string {
	means := strings.TrimSuffix(p.Description, ".")
	if len(p.Enum) > 0 {
		var values []string
		for _, value := range p.Enum {
			values = append(values, fmt.Sprintf("`%v`", value))
		}
		means += ". One of " + strings.Join(values, ", ")
	}
	if len(p.Examples) > 0 && len(p.Enum) == 0 {
		means += ". For example `" + strings.ReplaceAll(string(compact(p.Examples[0])), "|", `\|`) + "`"
	}
	return means + "."
}

func compact(text json.RawMessage) []byte {
	var v any
	_ = json.Unmarshal(text, &v) // it was part of JSON that could be read
	short, _ := json.Marshal(v)
	return short
}

func (p property) byDefault() string {
	if p.Default == nil {
		return ""
	}
	return fmt.Sprintf("`%v`", p.Default)
}

var relativeLink = regexp.MustCompile(`(?:\]\(|src="|srcset=")([^)"#:]+)(?:#[^)"]*)?[)"]`)

// TestDocsLinks checks every link to another file.
func TestDocsLinks(t *testing.T) {
	seen := 0
	for _, name := range pages(t) {
		for _, m := range relativeLink.FindAllStringSubmatch(readPage(t, name), -1) {
			seen++
			if _, err := os.Stat(filepath.Join(filepath.Dir(name), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s: broken link: %s", name, m[1])
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d links were found", seen)
	}
}

var (
	messageRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| [^|]+ \\| [^|]+ \\|$")
	capitals   = regexp.MustCompile(`"?\b[A-Z]{2,}\b"?`)
	verbs      = regexp.MustCompile(`%[+#]?[0-9.]*[a-zA-Z]`)
)

// words in capitals that are literal in messages.
var acronyms = []string{"PATH", "GOFLAGS", "SAM", "CI"}

const gap = "\x00" // what a message fills in

// TestTroubleshooting checks that the code prints every message that the pages explain.
func TestTroubleshooting(t *testing.T) {
	messages := messagesInCode(t)
	rows := 0
	for _, name := range []string{"../../README.md", "docs/troubleshooting.md"} {
		for _, m := range messageRow.FindAllStringSubmatch(readPage(t, name), -1) {
			rows++
			message := capitals.ReplaceAllStringFunc(m[1], func(word string) string {
				if slices.Contains(acronyms, word) {
					return word
				}
				return gap
			})
			longest := slices.MaxFunc(strings.Split(message, gap), func(a, b string) int { return len(a) - len(b) })
			if len(longest) > 4 && !strings.Contains(messages, message) {
				t.Errorf("%s: the code has no message %q", name, m[1])
			}
		}
	}
	if rows < 30 {
		t.Errorf("only %d messages were found", rows)
	}
}

// messagesInCode joins all strings in the module's sources, with a gap for each value
// that is filled in.
func messagesInCode(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, p := range modulePackages(t) {
		names, err := filepath.Glob(filepath.Join(p.Dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if e, ok := n.(ast.Expr); ok && textOf(e) != gap {
					all.WriteString(verbs.ReplaceAllString(textOf(e), gap) + "\n")
				}
				return true
			})
		}
	}
	return all.String()
}

// textOf returns the text of a string expression, with gaps for values that are only
// known at run time.
func textOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return text
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return textOf(e.X) + textOf(e.Y)
		}
	}
	return gap
}
