package profile

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
)

// recorder is the code that goes into an instrumented bundle. It prints at the end of the
// load how much processor time each module took, on a line of its own.
//
//go:embed recorder.js
var recorder string

var (
	// moduleComment is the line with which esbuild begins a module's code.
	moduleComment = regexp.MustCompile(`(?m)^// (\S.*)\n`)
	// wrapperHelper are esbuild's functions that make a module's code a function which
	// runs when it is first asked for.
	wrapperHelper = regexp.MustCompile(`(?m)^var (__commonJS|__esm) = `)
	// wrapped is where such a helper gets the code of a module, by the module's name.
	wrapped = regexp.MustCompile(`(= (?:__commonJS|__esm)\(\{\n\s*")([^"\n]+)("\()`)
	// moduleSyntax is a statement that only an ES module has, as esbuild prints it.
	moduleSyntax = regexp.MustCompile(`(?m)^(import .* from "|import "|export )`)
	// printedTimes is the line that the recorder prints: pairs of a module and its time in
	// microseconds.
	printedTimes = regexp.MustCompile(`(?m)featherpack-profile ([0-9a-z: ]*)$`)
	// printing is the line after it: how long printing took.
	printing = regexp.MustCompile(`(?m)^featherpack-printed ([0-9a-z]+)$`)
)

// instrument makes each module of a bundle note its time. known has the module of a name in
// the bundle's comments.
func instrument(bundle string, known map[string]int) (string, error) {
	head, rest := "", bundle
	if after, ok := strings.CutPrefix(bundle, "\"use strict\";\n"); ok {
		head, rest = "\"use strict\";\n", after
	}
	first := -1
	var out strings.Builder
	last := 0
	for _, m := range moduleComment.FindAllStringSubmatchIndex(rest, -1) {
		module, ok := known[rest[m[2]:m[3]]]
		if !ok {
			continue
		}
		out.WriteString(rest[last:m[1]])
		if first < 0 {
			first = m[0]
			out.WriteString(wrapHelpers(rest[:first]))
		}
		fmt.Fprintf(&out, "__featherpack_profile.at(%d);\n", module)
		last = m[1]
	}
	if first < 0 {
		return "", fmt.Errorf("no module begins in the bundle")
	}
	out.WriteString(rest[last:])
	return head + recorder + numbered(out.String(), known) + "\n__featherpack_profile.end();\n", nil
}

// wrapHelpers makes the helpers among the code before the first module note the times of the
// modules that they run.
func wrapHelpers(before string) string {
	var out strings.Builder
	for _, m := range wrapperHelper.FindAllStringSubmatch(before, -1) {
		fmt.Fprintf(&out, "%s = __featherpack_profile.wrap(%s);\n", m[1], m[1])
	}
	return out.String()
}

// numbered gives the code of modules that a helper gets the module's number for a name, which
// nothing else reads.
func numbered(code string, known map[string]int) string {
	return wrapped.ReplaceAllStringFunc(code, func(found string) string {
		m := wrapped.FindStringSubmatch(found)
		if module, ok := known[m[2]]; ok {
			return m[1] + strconv.Itoa(module) + m[3]
		}
		return found
	})
}

// namesInBundle are the names that a bundle's comments have for inputs: their paths relative
// to one of the folders above the entry point. The folder is told by the comments.
func namesInBundle(bundle string, inputs []analyzer.Input, used map[int]bool, entry string) map[string]int {
	byPath := map[string]int{}
	for i := range used {
		byPath[inputs[i].Path] = i
	}
	best := map[string]int{}
	for dir := path.Dir(entry); ; dir = path.Dir(dir) {
		names := map[string]int{}
		for _, m := range moduleComment.FindAllStringSubmatch(bundle, -1) {
			if i, ok := byPath[path.Join(dir, m[1])]; ok {
				names[m[1]] = i
			}
		}
		if len(names) > len(best) {
			best = names
		}
		if dir == "." || dir == "/" {
			return best
		}
	}
}

// replaceBundle copies a zip with an instrumented bundle.
func replaceBundle(to, from, entry string, inputs []analyzer.Input, used map[int]bool, minify bool) error {
	r, err := zip.OpenReader(from)
	if err != nil {
		return err
	}
	defer r.Close()
	bundle, text, known, err := findBundle(r, inputs, used, entry)
	if err != nil {
		return err
	}
	changed, err := instrument(text, known)
	if err != nil {
		return err
	}
	if minify {
		changed = minified(changed)
	}
	return trial.CopyZip(to, from, map[string]string{bundle.Name: changed})
}

// minified is an instrumented bundle as short as the one that ships, because Node compiles
// longer code longer. The comments that name the modules are gone, and the calls in their
// place stay. If the code cannot be minified it is returned as it is.
func minified(bundle string) string {
	format := api.FormatCommonJS
	if moduleSyntax.MatchString(bundle) {
		format = api.FormatESModule
	}
	r := api.Transform(bundle, api.TransformOptions{
		Format:           format, // with a format, names of the whole file are shortened too
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, TreeShaking: api.TreeShakingFalse,
		LegalComments: api.LegalCommentsNone, Target: api.ESNext, Platform: api.PlatformNode, LogLevel: api.LogLevelSilent,
	})
	if len(r.Errors) > 0 {
		return bundle
	}
	return string(r.Code)
}

// findBundle finds the script of a zip that has the code of most modules.
func findBundle(r *zip.ReadCloser, inputs []analyzer.Input, used map[int]bool, entry string) (bundle *zip.File, text string, known map[string]int, err error) {
	for _, f := range r.File {
		if !slices.Contains([]string{".js", ".mjs", ".cjs"}, path.Ext(f.Name)) || strings.Contains(f.Name, "node_modules/") {
			continue
		}
		opened, err := f.Open()
		if err != nil {
			return nil, "", nil, err
		}
		var b bytes.Buffer
		_, err = io.Copy(&b, io.LimitReader(opened, 256<<20))
		opened.Close()
		if err != nil {
			return nil, "", nil, err
		}
		if names := namesInBundle(b.String(), inputs, used, entry); len(names) > len(known) {
			bundle, text, known = f, b.String(), names
		}
	}
	if bundle == nil {
		return nil, "", nil, fmt.Errorf("no file of the zip has the code of the modules")
	}
	return bundle, text, known, nil
}

// recorded is what the recorder printed of one start, in ms.
type recorded struct {
	modules map[int]float64
	// rest is the time between modules, and of those that are too short to be listed.
	rest float64
	// whole is the time from the recorder's first line to its last, with printing. It is more
	// than the others by what the recorder itself took.
	whole float64
}

// readTimes reads what the recorder printed.
func readTimes(logs string) (times recorded, ok bool) {
	m := printedTimes.FindStringSubmatch(logs)
	if m == nil {
		return times, false
	}
	times.modules = map[int]float64{}
	for _, pair := range strings.Fields(m[1]) {
		name, micros, _ := strings.Cut(pair, ":")
		value, err := strconv.ParseInt(micros, 36, 64)
		if err != nil {
			continue
		}
		ms := float64(value) / 1000
		switch name {
		case "rest":
			times.rest += ms
		case "whole":
			times.whole, ok = ms, true
		default:
			if module, err := strconv.ParseInt(name, 36, 32); err == nil {
				times.modules[int(module)] += ms
			}
		}
	}
	if m := printing.FindStringSubmatch(logs); m != nil {
		if value, err := strconv.ParseInt(m[1], 36, 64); err == nil {
			times.whole += float64(value) / 1000
		}
	}
	return times, ok
}
