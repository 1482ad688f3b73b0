package main

import (
	"bytes"
	"cmp"
	"context"
	"debug/buildinfo"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// component is a module that is linked into a binary, or Go's standard library.
type component struct {
	path, version string
	// licence is its SPDX identifier.
	licence string
	notices []notice
}

// notice is one file of licence terms.
type notice struct {
	name string // relative to its module
	text string
}

// linked lists the components of a binary besides featherpack, as the linker recorded
// them, with the licences that apply to copies of the binary. A module without a known
// licence is an error.
func (r release) linked(ctx context.Context, p platform, binary string) ([]component, error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	listed, err := r.goCommand(ctx, p, "list", "-deps", "-f",
		"{{if .Standard}}std\t\t{{else}}{{with .Module}}{{.Path}}\t{{.Dir}}\t{{end}}{{end}}{{.Dir}}", "./cmd/featherpack")
	if err != nil {
		return nil, err
	}
	goroot, err := r.goCommand(ctx, p, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	// The notices of a package are in its folder and in the folders above it in its
	// module.
	notices := map[string]map[string]string{}
	for line := range strings.Lines(string(listed)) {
		fields := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(fields) != 3 {
			return nil, fmt.Errorf("go list printed %q", line)
		}
		module, root, dir := fields[0], fields[1], fields[2]
		if module == info.Main.Path {
			continue
		}
		if module == "std" {
			root = strings.TrimSpace(string(goroot))
			dir = root
		}
		if notices[module] == nil {
			notices[module] = map[string]string{}
		}
		for ; ; dir = filepath.Dir(dir) {
			if err := collect(notices[module], root, dir); err != nil {
				return nil, err
			}
			if dir == root || len(dir) < len(root) {
				break
			}
		}
	}
	all := []component{{path: "std", version: strings.TrimPrefix(info.GoVersion, "go")}}
	for _, m := range info.Deps {
		if m.Replace != nil {
			return nil, fmt.Errorf("%s is replaced by %s, but a release must use published modules", m.Path, m.Replace.Path)
		}
		all = append(all, component{path: m.Path, version: m.Version})
	}
	for i := range all {
		c := &all[i]
		for name, text := range notices[c.path] {
			c.notices = append(c.notices, notice{name, text})
		}
		slices.SortFunc(c.notices, func(a, b notice) int { return cmp.Compare(a.name, b.name) })
		if c.licence = licenceOf(c.notices); c.licence == "" {
			return nil, fmt.Errorf("%s %s: its licence is missing or unknown; check whether it may be redistributed, then add it to licenceOf", c.path, c.version)
		}
	}
	slices.SortFunc(all, func(a, b component) int { return cmp.Compare(a.path, b.path) })
	return all, nil
}

var noticeName = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)(\.(md|txt))?$`)

// collect reads the notices of one folder.
func collect(into map[string]string, root, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Type() != fs.FileMode(0) || !noticeName.MatchString(e.Name()) {
			continue
		}
		rel, err := filepath.Rel(root, filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		into[filepath.ToSlash(rel)] = string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
	}
	return nil
}

// licenceOf returns the SPDX identifier of a module's licence, "" if it is unknown. It
// recognises the licence file at the module's root by phrases that occur only there.
func licenceOf(notices []notice) string {
	for _, n := range notices {
		if strings.Contains(n.name, "/") || !strings.HasPrefix(strings.ToLower(n.name), "licen") {
			continue
		}
		text := strings.Join(strings.Fields(n.text), " ")
		switch {
		case strings.Contains(text, "Apache License Version 2.0"):
			return "Apache-2.0"
		case strings.Contains(text, "Permission is hereby granted, free of charge"):
			return "MIT"
		case strings.Contains(text, "Redistribution and use in source and binary forms") && strings.Contains(text, "Neither the name"):
			return "BSD-3-Clause"
		case strings.Contains(text, "Redistribution and use in source and binary forms"):
			return "BSD-2-Clause"
		}
	}
	return ""
}

// licencesText returns the content of the file LICENSES, which is beside every copy of
// the binary.
func licencesText(all []component) string {
	var b strings.Builder
	b.WriteString("featherpack contains the following software, under these terms.\n")
	for _, c := range all {
		name := c.path + " " + c.version
		if c.path == "std" {
			name = "The Go standard library and runtime " + c.version
		}
		for _, n := range c.notices {
			fmt.Fprintf(&b, "\n%s\n%s, %s\n\n%s\n", strings.Repeat("-", 80), name, n.name, strings.TrimSpace(n.text))
		}
	}
	return b.String()
}
