package node

import (
	"path"
	"regexp"
	"slices"
	"sync"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/kept"
	"github.com/featherpack/featherpack/packager/node/pass/onload"
)

// The passes feature-constants and late-fetch hold where nothing in the function's process
// sets the variables that code tests for. Only the finished graph and the files beside it
// tell.

// growByGlobals plans to leave tests alone that are about variables which something may
// set, and reports whether a test was edited that must not be.
func (b *builder) growByGlobals(l *linked, tree *kept.Tree) (grew bool) {
	if !l.f.Build.Passes.On(analyzer.FeatureConstants) && !l.f.Build.Passes.On(analyzer.LateFetch) {
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
	installs := sync.OnceValue(func() bool { return b.mentionsInstall(l) })
	read := func(input, file string, bundled bool) {
		dir := installed.PackageDir(input)
		switch name := installed.NameOf(dir); {
		case sendsFunctions[name]:
			graph[dir] = append(graph[dir], onload.Globals{Sends: true})
		case name == undici && bundled && !installs():
		default:
			graph[dir] = append(graph[dir], l.resolution.Globals(file))
		}
	}
	for _, input := range l.Reached {
		if file := b.packages.Absolute(input); l.Bytes(input) > 0 && l.resolution.IsCode(file) {
			read(input, file, true)
		}
		for _, im := range l.Inputs[input].Imports {
			if im.External && sendsFunctions[js.PackageName(im.Path)] {
				graph[im.Path] = append(graph[im.Path], onload.Globals{Sends: true})
			}
		}
	}
	for _, f := range tree.Files() {
		if extension := path.Ext(f.Source); tree.Runs(f.Input) && (extension == ".js" || extension == ".cjs" || extension == ".mjs") {
			read(f.Input, f.Source, false)
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

// undici sets global variables only in its function install.
// Source: index.js and lib/global.js of undici 7.
const undici = "undici"

// mentionsInstall reports whether a module of the graph may take the function install of
// undici: as a property, by a pattern or an import, or by
// its name in a string.
func (b *builder) mentionsInstall(l *linked) bool {
	return slices.ContainsFunc(l.Reached, func(input string) bool {
		if installed.NameOf(installed.PackageDir(input)) == undici {
			return false
		}
		text, err := b.packages.ReadModule(b.packages.Absolute(input))
		return err != nil || namesInstall.Match(text)
	})
}

var namesInstall = regexp.MustCompile("[.]\\s*install\\b|\\binstall\\s*[,:}]|\\binstall\\s+as\\b|[\"'`]install[\"'`]")

// sendsFunctions are packages that hand functions of their users to a browser as text.
// Source: the documentation of page.evaluate or executeScript of each.
var sendsFunctions = map[string]bool{
	"puppeteer": true, "puppeteer-core": true, "puppeteer-extra": true, "playwright": true, "playwright-core": true, "playwright-chromium": true,
	"playwright-firefox": true, "playwright-webkit": true, "@playwright/test": true, "selenium-webdriver": true, "webdriverio": true,
	"webdriver": true, "chrome-remote-interface": true, "nightmare": true, "taiko": true, "rebrowser-puppeteer-core": true, "patchright": true,
}
