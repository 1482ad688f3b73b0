package main

import (
	"debug/buildinfo"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/reporters"
)

// checkRelease checks the files of a release.
func checkRelease(t *testing.T, out string) {
	host := platforms[slices.IndexFunc(platforms, platform.host)]
	sums := exec.Command("sha256sum", "--check", "--strict", "SHA256SUMS")
	sums.Dir = out
	if text, err := sums.CombinedOutput(); err != nil || strings.Count(string(text), ": OK") != 4 {
		t.Errorf("%v\n%s", err, text)
	}
	stem := filepath.Join(out, "featherpack_"+testVersion+"_"+host.os+"_"+host.cpu)
	modes, contents := packed(t, stem+".tar.gz")
	if modes[host.executable()]&0o111 == 0 || len(contents) != 4 {
		t.Errorf("the archive holds %v", modes)
	}
	binary := filepath.Join(t.TempDir(), host.executable())
	if err := os.WriteFile(binary, []byte(contents[host.executable()]), 0o755); err != nil {
		t.Fatal(err)
	}
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(stem + ".cdx.json")
	if err != nil {
		t.Fatal(err)
	}
	var list bom
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	// The list and the binary both come from the linker's records, read in two ways.
	for _, m := range info.Deps {
		if !slices.ContainsFunc(list.Components, func(c bomComponent) bool {
			return c.PURL == purl(m.Path,
				m.Version)
		}) {
			t.Errorf("%s is linked but not listed", m.Path)
		}
		if !strings.Contains(contents["LICENSES"], m.Path+" "+m.Version+", LICENSE") {
			t.Errorf("the licence of %s is missing in LICENSES", m.Path)
		}
	}
	if len(list.Components) != len(info.Deps)+1 {
		t.Errorf("%d components, but %d linked modules besides Go's", len(list.Components), len(info.Deps))
	}
	if dir, err := os.Getwd(); err != nil || strings.Contains(contents[host.executable()], dir) {
		t.Errorf("the binary contains the path of its sources, %v", err)
	}
	npmModes, npmContents := packed(t, filepath.Join(out, "featherpack-"+host.os+"-"+host.cpu+"-"+testVersion+".tgz"))
	if npmModes["package/bin/"+host.executable()] != 0o755 ||
		npmContents["package/bin/"+host.executable()] != contents[host.executable()] ||
		npmContents["package/LICENSES"] != contents["LICENSES"] {
		t.Errorf("the npm package holds %v", npmModes)
	}
}

func TestBadRelease(t *testing.T) {
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "old.tgz"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no folder":        {nil, "usage"},
		"bad version":      {[]string{"--version", "v1.2", t.TempDir()}, "not a version"},
		"a folder in use":  {[]string{full}, "not empty"},
		"not the sources":  {[]string{"--source", t.TempDir(), filepath.Join(t.TempDir(), "out")}, "go build"},
		"an unknown flag ": {[]string{"--everything", t.TempDir()}, "unknown flag"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := run(t.Context(), test.args, io.Discard); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestLicenceOf(t *testing.T) {
	for text, want := range map[string]string{
		"MIT License\n\nPermission is hereby granted, free\nof charge, to any":       "MIT",
		"Redistribution and use in source and binary forms ... Neither the\nname of": "BSD-3-Clause",
		"Redistribution and use in source and binary forms, with":                    "BSD-2-Clause",
		"Apache License\n   Version 2.0, January 2004":                               "Apache-2.0",
		"You may look at it.": "",
	} {
		if got := licenceOf([]notice{{"LICENSE", text}}); got != want {
			t.Errorf("%q is recognised as %q", text, got)
		}
	}
	if got := licenceOf([]notice{{"inner/LICENSE", "Permission is hereby granted, free of charge"}}); got != "" {
		t.Errorf("the licence of a part is used for the whole module: %q", got)
	}
}

func TestReportTypes(t *testing.T) {
	got, err := reportTypes([]byte(`{"type": "object", "required": ["a"], "properties": {
		"a": {"description": "First.", "const": 1}, "b": {"type": "array", "items": {"enum": ["x", "y"]}},
		"c": {"type": "object", "properties": {"d": {"$ref": "#/$defs/function"}}}},
		"$defs": {"function": {"type": "object", "additionalProperties": {"type": "integer"}}}}`))
	want := `// Made from the JSON Schema of reports.

export interface Report {
  /** First. */
  a: 1
  b?: ("x" | "y")[]
  c?: {
    d?: ReportFunction
  }
}

export type ReportFunction = Record<string, number>
`
	if err != nil || got != want {
		t.Errorf("%v\n%s", err, got)
	}
	if _, err := reportTypes([]byte(`{"type": "object", "oneOf": []}`)); err == nil {
		t.Error("a keyword that affects types is ignored")
	}
	if _, err := reportTypes(reporters.Schema()); err != nil {
		t.Error(err)
	}
}
