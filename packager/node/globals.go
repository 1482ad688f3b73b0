package node

import (
	"path"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/kept"
	"github.com/featherpack/featherpack/packager/node/pass/onload"
)

// The pass feature-constants holds where nothing in the function's process sets the
// variables that code tests for. Only the finished graph and the files beside it tell.

// growByGlobals plans to leave tests alone that are about variables which something may
// set, and reports whether a test was edited that must not be.
func (b *builder) growByGlobals(l *linked, tree *kept.Tree) (grew bool) {
	if !l.f.Build.Passes.On(analyzer.FeatureConstants) {
		return false
	}
	tested := map[string]bool{}
	for _, input := range l.Reached {
		_, changes, _ := l.resolution.Known(b.packages.Absolute(input))
		for _, c := range changes {
			if c.Global != "" && l.Bytes(input) > 0 && !slices.Contains(l.plan.globals, c.Global) {
				tested[c.Global] = true
			}
		}
	}
	if len(tested) == 0 {
		return false
	}
	graph := map[string][]onload.Globals{}
	read := func(input, file string) {
		if dir := installed.PackageDir(input); sendsFunctions[installed.NameOf(dir)] {
			graph[dir] = append(graph[dir], onload.Globals{Sends: true})
		} else {
			graph[dir] = append(graph[dir], l.resolution.Globals(file))
		}
	}
	for _, input := range l.Reached {
		if file := b.packages.Absolute(input); l.Bytes(input) > 0 && l.resolution.IsCode(file) {
			read(input, file)
		}
		for _, im := range l.Inputs[input].Imports {
			if im.External && sendsFunctions[js.PackageName(im.Path)] {
				graph[im.Path] = append(graph[im.Path], onload.Globals{Sends: true})
			}
		}
	}
	for _, f := range tree.Files() {
		if extension := path.Ext(f.Source); tree.Runs(f.Input) && (extension == ".js" || extension == ".cjs" || extension == ".mjs") {
			read(f.Input, f.Source)
		}
	}
	texts := []byte(l.f.Build.Banner + "\n" + l.f.Build.Footer)
	own := &onload.Module{Source: texts, Text: onload.Parse(js.File{Path: "text.js", Source: texts})}
	graph[""] = append(graph[""], onload.GlobalsOf(own))
	namesIn := func(module string) []string {
		if module == "" {
			return onload.NamesIn(own)
		}
		return l.resolution.GlobalNames(module)
	}
	for _, name := range onload.SetBy(graph, namesIn) {
		if tested[name] && add(&l.plan.globals, name) {
			grew = true
		}
	}
	return grew
}

// sendsFunctions are packages that hand functions of their users to a browser as text.
// Source: the documentation of page.evaluate or executeScript of each.
var sendsFunctions = map[string]bool{
	"puppeteer": true, "puppeteer-core": true, "puppeteer-extra": true, "playwright": true, "playwright-core": true, "playwright-chromium": true,
	"playwright-firefox": true, "playwright-webkit": true, "@playwright/test": true, "selenium-webdriver": true, "webdriverio": true,
	"webdriver": true, "chrome-remote-interface": true, "nightmare": true, "taiko": true, "rebrowser-puppeteer-core": true, "patchright": true,
}
