package node

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// Every form of code that means something else in strict mode answers from a bundle what it
// answers as a source, whether the bundle is in strict mode or not.
func TestSloppyFormsRunAsTheirSource(t *testing.T) {
	forms, err := filepath.Glob("testdata/sloppy/*.js")
	if err != nil || len(forms) == 0 {
		t.Fatalf("no forms: %v", err)
	}
	want := map[string]string{}
	var requires, packages strings.Builder
	for _, form := range forms {
		text, err := os.ReadFile(form)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := exec.CommandContext(t.Context(), "node", "-p", "JSON.stringify(require('./"+form+"'))").Output()
		if err != nil {
			t.Fatalf("%s does not run as it is: %v", form, err)
		}
		name := strings.TrimSuffix(filepath.Base(form), ".js")
		want[name] = strings.TrimSpace(string(answer))
		requires.WriteString("try { answers." + name + " = require('old/" + name + "') } catch (e) { answers." + name + " = String(e) }\n")
		packages.WriteString("-- node_modules/old/" + name + ".js --\n" + string(text))
	}
	packages.WriteString("-- node_modules/old/package.json --\n{}\n-- src/all.cjs --\n'use strict'\nvar answers = {}\n" + requires.String() +
		"module.exports = answers\n")
	commonJS := requires.String() + "exports.handler = async () => answers\n"
	for _, test := range []struct{ name, file, code, format string }{
		{"CommonJS", "src/fn.js", "var answers = {}\n" + commonJS, ""},
		{"CommonJS in strict mode", "src/fn.js", "'use strict'\nvar answers = {}\n" + commonJS, ""},
		{"ES module", "src/fn.mjs", "import answers from './all.cjs'\nexport const handler = async () => answers\n", ""},
		{"ES module as CommonJS", "src/fn.mjs", "import answers from './all.cjs'\nexport const handler = async () => answers\n", "cjs"},
		{"CommonJS as an ES module", "src/fn.js", "var answers = {}\n" + commonJS, "esm"},
	} {
		t.Run(test.name, func(t *testing.T) {
			archive := "-- " + test.file + " --\n" + test.code + packages.String()
			b := build(t, archive, func(f *analyzer.Function) { f.Build.Format = test.format })
			var got map[string]json.RawMessage
			if err := json.Unmarshal([]byte(ask(t, b)), &got); err != nil {
				t.Fatal(err)
			}
			for name, answer := range want {
				if string(got[name]) != answer {
					t.Errorf("%s answered\n     %s\nwant %s", name, got[name], answer)
				}
			}
		})
	}
}

// A function that is called by modules in strict mode does not know its caller any more, and
// the build says so where the code asks for it.
func TestCallersThatAreHidden(t *testing.T) {
	b := build(t, `
-- src/fn.mjs --
import old from './old.cjs'
export const handler = async () => old()
-- src/old.cjs --
module.exports = function f() {
  return typeof f.caller
}
`)
	for _, d := range b.Diagnostics {
		if d.Code == "caller" && d.Severity == analyzer.Warning && d.Position.String() == "src/old.cjs:2:17" {
			return
		}
	}
	t.Errorf("told %v", b.Diagnostics)
}
