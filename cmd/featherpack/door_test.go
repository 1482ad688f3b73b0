package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// openers are functions that open, read, list or look at a file by its path.
var openers = map[string][]string{
	"os":            {"DirFS", "Lstat", "Open", "OpenFile", "OpenInRoot", "OpenRoot", "ReadDir", "ReadFile", "Readlink", "Stat"},
	"path/filepath": {"EvalSymlinks", "Glob", "Walk", "WalkDir"},
	"io/ioutil":     {"ReadDir", "ReadFile"},
	"syscall":       {"Open", "Stat", "Lstat"},
}

// direct lists the files that call one of the openers, with the reason. All others read a
// project's files through package projectfs, which judges links, kinds and sizes.
const direct = `
analyzer/gobin/linked.go: a program that the Go toolchain has just linked
analyzer/gobin/load.go: GOROOT and the module cache
analyzer/gobin/secrets.go: the caller's .netrc, whose values are then kept out of messages
analyzer/cases/cases.go: testdata, for tests of several packages
analyzer/lint/go_blank_import.go: Go sources that packager/golang has judged
analyzer/lint/go_build_tag.go: Go sources that packager/golang has judged
analyzer/lint/go_embedded_not_read.go: Go sources that packager/golang has judged
analyzer/manifest/discover.go: the folder and the files that the caller types
analyzer/scratch/scratch.go: own temporary folders
cmd/featherpack/boot.go: zips and reports that the caller types
cmd/featherpack/build.go: a file that the caller types
cmd/featherpack/init.go: a new file
cmd/featherpack/operands.go: what the caller types
cmd/featherpack/hook/write.go: writes through a handle on the folder
cmd/featherpack/internal/baseline/baseline.go: judges the folders of the other commit before anything is linked
cmd/featherpack/internal/baseline/target.go: the event file that CI names
cmd/featherpack/internal/git/git.go: finds the checkout
cmd/featherpack/internal/git/submodules.go: finds the checkout of a submodule
cmd/featherpack/internal/outdir/outdir.go: the out-dir, through a handle that is checked once
cmd/featherpack/internal/outdir/owner.go: the caller's record of out-dirs
cmd/featherpack/internal/output/file.go: writes through a handle on the folder
cmd/featherpack/internal/output/input.go: a report that the caller types
cmd/featherpack/internal/output/sink.go: the summary file that CI names
cmd/featherpack/internal/pipeline/events.go: event files that the caller types
cmd/featherpack/internal/projection/calibrate.go: log files that the caller types
cmd/featherpack/internal/reuse/boots.go: hashes all of the installed packages below the root, and the program that runs a function
cmd/featherpack/internal/reuse/key.go: looks at names above the root, and hashes what has them
cmd/featherpack/internal/reuse/zips.go: files of a bundle, which its builder has judged
cmd/featherpack/internal/terraform/fingerprint.go: looks at names, sizes and times, and reads no content
cmd/featherpack/internal/trial/module.go: copies a module of the module cache
cmd/release/archive.go: builds releases of featherpack itself
cmd/release/components.go: builds releases of featherpack itself
cmd/release/linked.go: builds releases of featherpack itself
cmd/release/main.go: builds releases of featherpack itself
cmd/release/npm.go: builds releases of featherpack itself
cmd/release/verify.go: builds releases of featherpack itself
packager/boot/identity.go: the Node of this machine
packager/outdir.go: writes through a handle on the folder
packager/source.go: files of a bundle, which its builder has judged; regular ones only
packager/whole.go: writes through a handle on the folder
packager/boot/check.go: a folder that it has made
packager/boot/compile.go: the shared libraries of an emulator
cmd/featherpack/internal/runtimes/place.go: source maps that the build has written
cmd/featherpack/internal/watch/printed.go: compares what is printed to with the files of the project, and reads none
packager/boot/fetch.go: the cache of downloaded runtimes
packager/boot/journal_unix.go: a pipe that it has made
packager/boot/node.go: the installed Node
packager/boot/program.go: the unpacked zip
packager/boot/tree.go: packages of the source tree, which are mounted as they are
packager/boot/unpack.go: the zip, and the folder that it is unpacked to
packager/boot/sandbox/network_linux.go: /proc
packager/boot/sandbox/opened_linux.go: a folder that is watched
packager/boot/sandbox/root_linux.go: the root of the sandbox
packager/boot/sandbox/watch_linux.go: /proc
packager/cache/disk.go: its own folder, through a handle on it
packager/compiled/compiled.go: a zip and a folder that it has made
packager/golang/attribute.go: linked programs and what is kept about them
packager/golang/boundary.go: the folders of the toolchain, which are allowed
packager/golang/toolchain/packages.go: Go sources that boundary.go has judged
packager/golang/toolchain/others.go: other toolchains that are installed on the machine
packager/golang/link.go: linked programs
packager/golang/measure.go: linked programs
packager/golang/plan.go: finds package folders; boundary.go judges what is in them
packager/golang/ship.go: linked programs
packager/golang/store.go: linked programs that are kept between runs
packager/install/install.go: whether a lockfile exists
packager/install/like.go: links what the head has installed into the other commit, through handles
packager/install/state.go: locks and marks, through a handle on the folder
packager/node/linker/linker.go: symlinks that it has made
packager/node/sourcetree/write.go: its own copy, through a handle on the folder
reporters/sample/golden.go: testdata, for tests of several packages
`

// writers are functions that write, move or remove a file by its path.
var writers = map[string][]string{
	"os": {"Chmod", "Chown", "CopyFS", "Create", "CreateTemp", "Lchown", "Link", "Mkdir", "MkdirAll", "MkdirTemp", "Remove",
		"RemoveAll", "Rename", "Symlink", "Truncate", "WriteFile"},
}

// writes lists the files that call one of the writers, with the reason. All others write
// through a handle of a folder, an os.Root, so that no link leads a write out of it.
const writes = `
analyzer/scratch/scratch.go: own temporary folders
cmd/featherpack/internal/outdir/outdir.go: makes the out-dir, and removes it if it is empty
cmd/featherpack/internal/outdir/owner.go: the caller's record of out-dirs
cmd/featherpack/internal/trial/module.go: a copy of a module in a temporary folder
cmd/featherpack/internal/trial/program.go: a copy of a module in a temporary folder
cmd/featherpack/internal/trial/zip.go: a copy of a zip in a temporary folder
cmd/release/archive.go: builds releases of featherpack itself
cmd/release/components.go: builds releases of featherpack itself
cmd/release/main.go: builds releases of featherpack itself
cmd/release/npm.go: builds releases of featherpack itself
cmd/release/verify.go: builds releases of featherpack itself
packager/cache/disk.go: the caller's cache
packager/boot/check.go: own temporary folders
packager/boot/fetch.go: the caller's cache of Node
packager/boot/journal_unix.go: own temporary folders
packager/boot/program.go: own temporary folders
packager/boot/sandbox/process_linux.go: the root of a sandbox
packager/boot/sandbox/root_linux.go: the root of a sandbox
packager/boot/script.go: own temporary folders
packager/boot/tree.go: own temporary folders
packager/compiled/compiled.go: own temporary folders
packager/golang/attribute.go: the caller's cache of programs
packager/golang/link.go: the caller's cache of programs
packager/golang/measure.go: own temporary folders
packager/golang/ship.go: the caller's cache of programs
packager/golang/store.go: the caller's cache of programs
packager/install/like.go: the folder of another commit, which is judged before
packager/install/state.go: its lock in the system's temporary folder
packager/node/linker/linker.go: own temporary folders
packager/node/sourcetree/write.go: makes a folder in an own temporary folder
packager/outdir.go: makes a folder that the caller types
reporters/sample/golden.go: testdata, for tests of several packages
reporters/sample/shop.go: a sample project, for tests of several packages
`

// exceptions reads a table.
func exceptions(t *testing.T, table string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(table)) {
		file, reason, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || reason == "" || all[file] != "" {
			t.Errorf("no reason, or twice: %q", line)
		}
		all[file] = reason
	}
	return all
}

// callsOf lists the functions of a table that a file calls.
func callsOf(file *ast.File, table map[string][]string) []string {
	names := map[string]string{} // of imports, by the name that the file uses
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			panic(err) // the parser has accepted it
		}
		name := path[strings.LastIndexByte(path, '/')+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = path
	}
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && slices.Contains(table[names[x.Name]], s.Sel.Name) {
				found = append(found, x.Name+"."+s.Sel.Name)
			}
		}
		return true
	})
	slices.Sort(found)
	return slices.Compact(found)
}

// TestOneDoor walks the code. A file that opens files by itself needs a reason.
func TestOneDoor(t *testing.T) {
	needReasons(t, openers, direct, "read it through analyzer/projectfs")
}

// TestOneExit does the same for files that write by themselves.
func TestOneExit(t *testing.T) {
	needReasons(t, writers, writes, "write through a handle of the folder, an os.Root")
}

func needReasons(t *testing.T, table map[string][]string, known, instead string) {
	t.Helper()
	reasons := exceptions(t, known)
	used := map[string]bool{}
	for _, p := range modulePackages(t) {
		names, err := filepath.Glob(filepath.Join(p.Dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		pkg := strings.TrimPrefix(p.ImportPath, module+"/")
		if strings.HasSuffix(pkg, "test") || pkg == "analyzer/projectfs" {
			continue // for tests, or the door itself
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			at := pkg + "/" + filepath.Base(name)
			if found := callsOf(file, table); len(found) > 0 {
				used[at] = true
				if reasons[at] == "" {
					t.Errorf("%s calls %s: %s, or give a reason", at, strings.Join(found, ", "), instead)
				}
			}
		}
	}
	for file := range reasons {
		if !used[file] {
			t.Errorf("%s needs no reason: it calls none of them", file)
		}
	}
}

func TestOpens(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "", `package p
import ("os"; fp "path/filepath"; "io/fs")
func f(root *os.Root) { os.ReadFile("a"); g := os.Open; fp.EvalSymlinks("a"); fs.ReadFile(nil, "a"); root.Open("a"); os.Getenv("a"); _ = g }`, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(callsOf(file, openers), " "); got != "fp.EvalSymlinks os.Open os.ReadFile" {
		t.Errorf("found %s", got)
	}
}
