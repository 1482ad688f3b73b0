package onload

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// ajvVersions are the last one, and some in which what the change relies on was written
// differently.
var ajvVersions = []string{"8.0.5", "8.6.3", "8.11.0", "8.12.0", "8.17.1", "8.20.0"}

// installAJV returns a folder that has the versions of ajv as node_modules/ajv-VERSION, which
// is kept between test runs.
func installAJV(t *testing.T) string {
	t.Helper()
	for _, program := range []string{"npm", "node"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip("this user has no cache folder")
	}
	dir := filepath.Join(cache, "featherpack", "test", "ajv-"+strings.Join(ajvVersions, "-"))
	if _, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json")); err == nil {
		return dir
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"private":true}`), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact"}
	for _, version := range ajvVersions {
		args = append(args, "ajv-"+version+"@npm:ajv@"+version)
	}
	cmd := exec.Command("npm", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("ajv cannot be installed: %s", out)
	}
	return dir
}

const (
	ajvFile    = "node_modules/ajv/dist/ajv.js"
	coreFile   = "node_modules/ajv/dist/core.js"
	schemaFile = "node_modules/ajv/dist/refs/json-schema-draft-07.json"
)

// readAJV is a version of ajv, as far as the pass reads it.
func readAJV(t *testing.T, dir, version string) files {
	t.Helper()
	read := files{}
	for _, file := range []string{ajvFile, coreFile, schemaFile} {
		text, err := os.ReadFile(filepath.Join(dir, strings.Replace(filepath.FromSlash(file), "ajv", "ajv-"+version, 1)))
		if err != nil {
			t.Fatal(err)
		}
		read[file] = string(text)
	}
	return read
}

// ajv answers, throws and logs the same with the change, for random schemas that are mostly
// valid, and for instances whose options, keywords and methods were changed.
func TestLateMetaSchema(t *testing.T) {
	if os.Getenv("FEATHERPACK_LONG") != "1" {
		t.Skip("needs packages of npm; FEATHERPACK_LONG=1 runs it, and .ci/long does")
	}
	dir := installAJV(t)
	for i, version := range ajvVersions {
		project := readAJV(t, dir, version)
		m := project.Module(ajvFile)
		changed := applied(m, Changes(m, project, only(analyzer.LateMetaSchema)))
		if changed == project[ajvFile] || strings.Count(changed, "\n") != strings.Count(project[ajvFile], "\n") {
			t.Errorf("ajv %s stays as it is, or its lines change", version)
			continue
		}
		file := filepath.Join(t.TempDir(), "changed.js")
		if err := os.WriteFile(file, []byte(changed), 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("node", "testdata/meta_schema.cjs", filepath.Join(dir, "node_modules", "ajv-"+version), file, fmt.Sprint(i+1), "240")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("ajv %s: %v\n%.4000s", version, err, out)
		}
	}
	for _, c := range []struct{ file, before, after string }{
		{ajvFile, "class Ajv extends", "class AJV extends"},
		{ajvFile, "super.defaultMeta() ||", "super.defaultMeta() ??"},
		{coreFile, "opts.validateFormats = false;", "opts.validateFormats = true;"},
		{coreFile, "const valid = this.validate($schema, schema);", "const valid = this.check($schema, schema);"},
		{schemaFile, `"minimum": 0`, `"minimum": 1`},
	} {
		project := readAJV(t, dir, "8.20.0")
		if !strings.Contains(project[c.file], c.before) {
			t.Errorf("%s has no %s", c.file, c.before)
		}
		project[c.file] = strings.Replace(project[c.file], c.before, c.after, 1)
		if m := project.Module(ajvFile); len(Changes(m, project, only(analyzer.LateMetaSchema))) > 0 {
			t.Errorf("with %s in %s it is changed", c.after, c.file)
		}
	}
}

// The inserted code is strict and keeps to one line.
func TestMetaSchemaText(t *testing.T) {
	for _, code := range []string{oneLine(metaSchemaText), "class A extends B { " + oneLine(metaSchemaMethod) + " }"} {
		tree, err := js.Parse([]byte("\"use strict\"; " + code + " done();"))
		if err != nil || strings.ContainsAny(code, "\n") {
			t.Fatalf("%v: %s", err, code)
		}
		if last := tree.Top.List[len(tree.Top.List)-1]; last.Kind != js.Expr || last.X.Kind != js.Call {
			t.Errorf("a comment hides what is behind it: %s", code)
		}
	}
}
