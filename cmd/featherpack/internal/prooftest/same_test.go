package prooftest

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// sameProject has everything that could make bytes differ: several formats and plans, a
// package that is both bundled and shipped as files, assets, source maps, licences and
// a Go program.
const sameProject = `
-- featherpack.yaml --
functions:
  orders: {entry: src/orders.ts, runtime: nodejs22.x, arch: arm64}
  late: {entry: src/late.mjs, runtime: nodejs20.x}
  mixed: {entry: src/mixed.ts, runtime: nodejs22.x}
  reads: {entry: src/reads.js, runtime: nodejs22.x}
  ingest: {entry: ./cmd/ingest, runtime: provided.al2023, arch: x86_64}
override:
  orders: {sourcemap: zip, include: ["texts/**"]}
-- package.json --
{"name": "same", "dependencies": {"dual": "1"}}
-- src/orders.ts --
import {which} from 'dual'
export const handler = async (n: number): Promise<string> => which() + "füße" + n
-- src/late.mjs --
import {which} from 'dual'
const late = await Promise.resolve(which())
export const handler = async () => late
-- src/mixed.ts --
import {which} from 'dual'
import other from './other.cjs'
export const handler = async () => [which(), other]
-- src/other.cjs --
module.exports = require('dual').which()
-- src/reads.js --
const fs = require('fs'), path = require('path')
exports.handler = async () => fs.readdirSync(path.join(__dirname, '../texts')).map(
  f => fs.readFileSync(path.join(__dirname, '../texts', f), 'utf8'))
-- texts/b.txt --
b
-- texts/a.txt --
a
-- node_modules/dual/package.json --
{"name": "dual", "version": "1.0.0", "main": "main.js", "module": "module.js", "license": "MIT"}
-- node_modules/dual/LICENSE --
the licence of dual
-- node_modules/dual/main.js --
exports.which = () => 'main'
-- node_modules/dual/module.js --
export const which = () => 'module'
-- go.mod --
module example.org/same

go 1.26
-- cmd/ingest/main.go --
package main

import (
	"errors"
	"os"
)

func main() { panic(errors.New(os.Getenv("AWS_LAMBDA_RUNTIME_API") + " is not asked")) }
`

// TestReproducible builds one project in different circumstances and compares every
// byte of the output, including the report.
func TestReproducible(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program and eleven times a project")
	}
	binary := clitest.Path(t)
	token := make([]byte, 12)
	if _, err := rand.Read(token); err != nil {
		t.Fatal(err)
	}
	canary := hex.EncodeToString(token)

	build := func(t *testing.T, dir string, reverse bool, env []string, wrap ...string) map[string][]byte {
		t.Helper()
		files := txtar.Parse([]byte(sameProject)).Files
		if reverse {
			slices.Reverse(files)
		}
		for _, f := range files {
			name := filepath.Join(dir, filepath.FromSlash(f.Name))
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		command := append(wrap, binary, "build", "--waterfall", "--quiet")
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), env...)
		if output, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		out := map[string][]byte{}
		err := filepath.WalkDir(filepath.Join(dir, ".featherpack"),
			func(at string, entry fs.DirEntry, err error) error {
				if err != nil || entry.IsDir() || entry.Name() == ".gitignore" { // the out-dir's mark is random
					return err
				}
				rel, _ := filepath.Rel(filepath.Join(dir, ".featherpack"), at)
				out[rel], err = os.ReadFile(at)
				if bytes.Contains(out[rel], []byte(canary)) || bytes.Contains(out[rel], []byte(dir)) {
					t.Errorf("%s contains the path of the build's folder", rel)
				}
				return err
			})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}

	want := build(t, filepath.Join(t.TempDir(), canary), false, nil)
	for _, name := range []string{"orders.zip", "late.zip", "mixed.zip", "reads.zip", "ingest.zip", "late.mjs.map",
		"orders.licenses.txt", "report.json"} {
		if len(want[name]) == 0 {
			t.Fatalf("the build wrote no %s", name)
		}
	}
	inPlace := func(t *testing.T) string { return filepath.Join(t.TempDir(), canary) }
	for _, v := range []struct {
		name    string
		dir     func(*testing.T) string
		reverse bool
		env     []string
		wrap    []string
		long    bool
	}{
		{name: "path", dir: func(t *testing.T) string {
			return filepath.Join(t.TempDir(), "another place", "deeper",
				canary)
		}},
		{name: "home", env: []string{"HOME=" + os.TempDir(), "GOPATH=" + clitest.GoEnv(t, "GOPATH"),
			"GOCACHE=" + clitest.GoEnv(t, "GOCACHE"), "GOMODCACHE=" + clitest.GoEnv(t, "GOMODCACHE")}, long: true},
		{name: "open umask", wrap: []string{"sh", "-c", `umask 000; exec "$@"`, "sh"}},
		{name: "closed umask", wrap: []string{"sh", "-c", `umask 077; exec "$@"`, "sh"}, long: true},
		{name: "time zone", env: []string{"TZ=Pacific/Chatham"}, long: true},
		{name: "locale", env: []string{"LC_ALL=tr_TR.UTF-8", "LANG=tr_TR.UTF-8"}, long: true},
		{name: "one processor", env: []string{"GOMAXPROCS=1"}},
		{name: "many processors", env: []string{"GOMAXPROCS=16"}, long: true},
		{name: "order in which files were made", reverse: true},
		{name: "host name", wrap: []string{"unshare", "-rmu", "sh", "-c", `hostname elsewhere && exec "$@"`, "sh"}},
		{name: "nothing changed", long: true},
	} {
		t.Run(v.name, func(t *testing.T) {
			if v.long {
				clitest.SkipUnlessLong(t)
			}
			if v.name == "host name" && exec.Command("unshare", "-rmu", "hostname", "elsewhere").Run() != nil {
				t.Skip("the kernel does not allow this user to set a host name")
			}
			dir := inPlace
			if v.dir != nil {
				dir = v.dir
			}
			got := build(t, dir(t), v.reverse, v.env, v.wrap...)
			for _, name := range sortedNames(want, got) {
				if !bytes.Equal(got[name], want[name]) {
					t.Errorf("%s differs", name)
				}
			}
		})
	}
}

func sortedNames(sets ...map[string][]byte) []string {
	var names []string
	for _, set := range sets {
		for name := range set {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
