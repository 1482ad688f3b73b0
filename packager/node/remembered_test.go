package node

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager"
)

// A process that watches a project begins with the plan that a function has grown to before.
// Whatever has changed since, the bundle is the one that a build without memory makes.
func TestRememberedGuesses(t *testing.T) {
	p := project(t, `
-- src/fn.ts --
-- src/lib.ts --
-- src/flags.ts --
-- node_modules/p/package.json --
{"name": "p", "sideEffects": false, "type": "module"}
-- node_modules/p/index.js --
export const one = x => x
-- node_modules/q/package.json --
{"name": "q", "sideEffects": false, "type": "module"}
-- node_modules/q/index.js --
export class Named extends Error { constructor() { super(); this.name = this.constructor.name } }
`)
	const (
		imports = "import {one} from 'p'\nimport {lib} from './lib'\n"
		loads   = "import {Named} from 'q'\nimport {DEBUG} from './flags'\nexport const lib = () => new Named()\n"
		folds   = "import {Named} from 'q'\nimport {DEBUG} from './flags'\nconst f = [(x: unknown) => x]\nconst A = false\nexport const lib = () => A || DEBUG ? new Named() : f\n"
		loadsIf = "import {DEBUG} from './flags'\nconst f = [(x: unknown) => x]\nconst A = false\nexport const lib = () => A || DEBUG ? import('q') : f\n"
	)
	write := func(files map[string]string) {
		t.Helper()
		for name, text := range files {
			if err := os.WriteFile(filepath.Join(p.Root, "src", name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(25 * time.Millisecond) // a file that has just changed is not trusted
	}
	own := map[string]bool{"src/fn.ts": true, "src/lib.ts": true, "src/flags.ts": true}
	var memory Memory
	defer memory.Close()
	files := projectfs.New(p.Root, projectfs.Allowances{})
	defer files.Close()
	for i, test := range []struct {
		name    string
		change  map[string]string
		guessed bool // the function begins with a guess, which is right
		wrong   int  // how many guesses were wrong so far
	}{
		{"the first time", map[string]string{"fn.ts": imports + "export const handler = async () => one(lib())", "lib.ts": loads, "flags.ts": "export const DEBUG = true"}, false, 0},
		{"the handler", map[string]string{"fn.ts": imports + "export const handler = async () => one(lib() + 1)"}, true, 0},
		{"a constant", map[string]string{"fn.ts": imports + "export const handler = async () => one(lib() + 1)\nexport const n = 1"}, true, 0},
		{"another module", map[string]string{"lib.ts": loads + "export const other = [1]\n"}, true, 0},
		{"the imports", map[string]string{"fn.ts": "import {one} from 'p'\nexport const handler = async () => one(1)"}, false, 0},
		{"the imports again", map[string]string{"fn.ts": imports + "export const handler = async () => one(lib())"}, true, 0},
		{"what a branch may depend on", map[string]string{"lib.ts": folds}, false, 1},
		{"the handler, for a new guess", map[string]string{"fn.ts": imports + "export const handler = async () => one(lib() + 2)"}, false, 1},
		{"the handler, with it", map[string]string{"fn.ts": imports + "export const handler = async () => one(lib() + 3)"}, true, 1},
		{"a constant that decides", map[string]string{"flags.ts": "export const DEBUG = false // and more"}, false, 2},
		{"what is loaded then", map[string]string{"lib.ts": loadsIf, "flags.ts": "export const DEBUG = true // as before"}, false, 2},
		{"what is not loaded", map[string]string{"flags.ts": "export const DEBUG = false // once more"}, false, 3},
		{"the first again", map[string]string{"lib.ts": loads}, false, 3},
	} {
		write(test.change)
		if i == 0 {
			files.Recording()
		} else {
			now := files.Again()
			now.Remember()
			if !files.Renew(projectfs.NewChecker(now, projectfs.HashFile), own) {
				t.Fatalf("%s: the answers are not the same", test.name)
			}
			now.Close()
		}
		before := maps.Clone(memory.guesses)
		var got packager.Bundle
		err := packager.Build(t.Context(), Builder{Memory: &memory}, packager.Job{Project: p, Functions: p.Functions, Files: files}, func(b packager.Bundle) { got = b })
		if err != nil {
			t.Fatal(err)
		}
		want := buildAll(t, p, p.Functions)[got.ID]
		if len(got.Files) != len(want.Files) || !slices.Equal(got.Settings, want.Settings) || len(got.Diagnostics) != len(want.Diagnostics) {
			t.Fatalf("%s: %v, without memory %v", test.name, got.Settings, want.Settings)
		}
		for k, f := range got.Files {
			if !bytes.Equal(f.Content, want.Files[k].Content) {
				t.Errorf("%s: %s is\n%s\nwithout memory\n%s", test.name, f.Name, f.Content, want.Files[k].Content)
			}
		}
		text, err := os.ReadFile(filepath.Join(p.Root, "src", "fn.ts"))
		if err != nil {
			t.Fatal(err)
		}
		wrong := 0
		for _, n := range memory.missed {
			wrong += n
		}
		guessed := len(before) > 0 && maps.Equal(before, memory.guesses) && strings.HasPrefix(string(text), imports)
		if wrong != test.wrong || guessed != test.guessed {
			t.Errorf("%s: guessed is %v, want %v; %d were wrong, want %d", test.name, guessed, test.guessed, wrong, test.wrong)
		}
	}
}
