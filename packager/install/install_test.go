package install

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
)

// fakeManagers puts fake package managers on the PATH. They record their arguments
// and create a node_modules folder. calls returns what they recorded since the last
// call.
func fakeManagers(t *testing.T) (calls func() []string) {
	t.Helper()
	bin := t.TempDir()
	notes := filepath.Join(bin, "notes")
	script := fmt.Sprintf("#!/bin/sh\necho \"$(basename \"$PWD\"): $(basename \"$0\") $*\" >> '%s'\nmkdir -p node_modules\n", notes)
	for _, name := range []string{"npm", "yarn", "pnpm"} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return func() []string {
		text, err := os.ReadFile(notes)
		if err != nil {
			return nil // none was called
		}
		os.Remove(notes)
		return strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' })
	}
}

// project creates a folder of files and a Node function in each of the services.
func project(t *testing.T, files map[string]string, services ...string) (analyzer.Project, []analyzer.Function) {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(root, filepath.FromSlash(name)), text)
	}
	var functions []analyzer.Function
	for _, dir := range services {
		functions = append(functions, analyzer.Function{Family: analyzer.Node, ServiceDir: dir})
	}
	return analyzer.Project{Root: root}, functions
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The lockfile closest to a function determines the package manager and the folder.
func TestManagerByLockfile(t *testing.T) {
	const npm = " --ignore-scripts --no-audit --no-fund"
	for _, c := range []struct {
		name     string
		files    map[string]string
		services []string
		want     []string
	}{
		{"npm", map[string]string{"a/package-lock.json": ""}, []string{"a"}, []string{"a: npm ci" + npm + " --prefer-offline"}},
		{"a shrinkwrap", map[string]string{"a/npm-shrinkwrap.json": ""}, []string{"a"}, []string{"a: npm ci" + npm + " --prefer-offline"}},
		{"pnpm", map[string]string{"a/pnpm-lock.yaml": "", "a/package-lock.json": ""}, []string{"a"},
			[]string{"a: pnpm install --frozen-lockfile --ignore-scripts --ignore-pnpmfile"}},
		{"Yarn 1", map[string]string{"a/yarn.lock": ""}, []string{"a"},
			[]string{"a: yarn install --frozen-lockfile --ignore-scripts --non-interactive"}},
		{"Yarn 2 and later", map[string]string{"a/yarn.lock": "", "a/.yarnrc.yml": ""}, []string{"a"},
			[]string{"a: yarn install --immutable --mode=skip-build"}},
		{"above two services, once", map[string]string{"w/package-lock.json": "", "w/a/package.json": "", "w/b/package.json": ""},
			[]string{"w/a", "w/b"}, []string{"w: npm ci" + npm + " --prefer-offline"}},
		{"two of them", map[string]string{"a/package-lock.json": "", "b/yarn.lock": ""}, []string{"b", "a"},
			[]string{"a: npm ci" + npm + " --prefer-offline", "b: yarn install --frozen-lockfile --ignore-scripts --non-interactive"}},
		{"no lockfile", map[string]string{"a/package.json": ""}, []string{"a"}, []string{"a: npm install" + npm + " --no-package-lock"}},
		{"no packages", map[string]string{"a/a.js": ""}, []string{"a"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			calls := fakeManagers(t)
			p, functions := project(t, c.files, c.services...)
			functions = append(functions, analyzer.Function{Family: analyzer.Go, ServiceDir: "."})
			warned := 0
			o := Options{Warn: func(d analyzer.Diagnostic) {
				if warned++; d.Code != "no-lockfile" || d.File != "a/package.json" {
					t.Errorf("%+v", d)
				}
			}}
			if err := Packages(t.Context(), p, functions, o); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, calls()); diff != "" {
				t.Errorf("want -, calls +:\n%s", diff)
			}
			if (warned == 1) != (c.name == "no lockfile") {
				t.Errorf("%d warnings", warned)
			}
		})
	}
}

// An install is not repeated until something changes that determines its result.
func TestInstalledOnce(t *testing.T) {
	calls := fakeManagers(t)
	p, functions := project(t, map[string]string{"a/package-lock.json": "1", "a/package.json": "{}"}, "a", "a")
	var reported []string
	o := Options{Progress: func(command, where string) { reported = append(reported, command+" in "+where) }}
	install := func(want ...string) {
		t.Helper()
		if err := Packages(t.Context(), p, functions, o); err != nil {
			t.Fatal(err)
		}
		if got := calls(); len(got) != len(want) {
			t.Errorf("calls %q, want %q", got, want)
		} else {
			for i := range got {
				if !strings.Contains(got[i], want[i]) {
					t.Errorf("calls %q, want %q", got, want)
				}
			}
		}
	}
	install("npm ci")
	install()
	write(t, filepath.Join(p.Root, "a", "package-lock.json"), "2")
	install("npm ci")
	functions[0].Build.InstallScripts = []string{"sharp", "esbuild"}
	functions[1].Build.InstallScripts = []string{"sharp"}
	install("npm ci", "npm rebuild --foreground-scripts esbuild sharp")
	install()
	if err := os.RemoveAll(filepath.Join(p.Root, "a", "node_modules")); err != nil {
		t.Fatal(err)
	}
	install("npm ci", "npm rebuild")
	if want := strings.Repeat("npm ci in a\n", 4); strings.Join(reported, "\n")+"\n" != want {
		t.Errorf("reported %q", reported)
	}
}

// Another version of the project shares the installed packages if its lockfile is the
// same, and installs its own otherwise.
func TestPackagesLike(t *testing.T) {
	calls := fakeManagers(t)
	files := map[string]string{"a/package-lock.json": "1", "a/package.json": "{}"}
	head, functions := project(t, files, "a")
	write(t, filepath.Join(head.Root, "a", "node_modules", "ms", "index.js"), "")
	same, _ := project(t, files)
	files["a/package-lock.json"] = "2"
	files["a/.npmrc"] = "git=./evil.sh"
	other, _ := project(t, files)
	if err := PackagesLike(t.Context(), same, functions, Like{Head: head.Root, Tree: same.Root}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(same.Root, "a", "node_modules", "ms", "index.js")); err != nil || calls() != nil {
		t.Errorf("the packages were not linked: %v", err)
	}
	like := Like{Head: head.Root, Tree: other.Root}
	var d analyzer.Diagnostic
	if err := PackagesLike(t.Context(), other, functions, like); !errors.As(err, &d) || d.Code != "baseline-packages" {
		t.Errorf("%v: packages are installed though that is not allowed", err)
	}
	like.Install = true
	if err := PackagesLike(t.Context(), other, functions, like); err != nil {
		t.Fatal(err) // under the head's settings, which have no git=
	}
	if got := calls(); len(got) != 1 || !strings.Contains(got[0], "npm ci") {
		t.Errorf("calls %q", got)
	}
}
