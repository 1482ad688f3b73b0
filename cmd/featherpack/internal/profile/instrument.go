package profile

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

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
	// printedTimes is the line that the recorder prints: pairs of a module and its time in
	// microseconds.
	printedTimes = regexp.MustCompile(`(?m)featherpack-profile ([0-9a-z: ]*)$`)
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
			out.WriteString(wrapHelpers(rest[:first], known))
		}
		fmt.Fprintf(&out, "__featherpack_profile.at(%d);\n", module)
		last = m[1]
	}
	if first < 0 {
		return "", fmt.Errorf("no module begins in the bundle")
	}
	out.WriteString(rest[last:])
	return head + recorder + out.String() + "\n__featherpack_profile.end();\n", nil
}

// wrapHelpers makes the helpers among the code before the first module note the times of the
// modules that they run.
func wrapHelpers(before string, known map[string]int) string {
	var out strings.Builder
	for _, m := range wrapperHelper.FindAllStringSubmatch(before, -1) {
		fmt.Fprintf(&out, "%s = __featherpack_profile.wrap(%s);\n", m[1], m[1])
	}
	if out.Len() == 0 {
		return ""
	}
	var names strings.Builder
	for _, name := range slices.Sorted(maps.Keys(known)) {
		fmt.Fprintf(&names, "%s: %d, ", strconv.Quote(name), known[name])
	}
	return "__featherpack_profile.modules = {" + names.String() + "};\n" + out.String()
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
func replaceBundle(to, from, entry string, inputs []analyzer.Input, used map[int]bool) error {
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
	return trial.CopyZip(to, from, map[string]string{bundle.Name: changed})
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

// readTimes reads what the recorder printed: ms by module. The module -1 has what is too
// short to be listed.
func readTimes(logs string) map[int]float64 {
	m := printedTimes.FindStringSubmatch(logs)
	if m == nil {
		return nil
	}
	times := map[int]float64{}
	for _, pair := range strings.Fields(m[1]) {
		name, micros, _ := strings.Cut(pair, ":")
		module, err := strconv.ParseInt(name, 36, 32)
		if name == "rest" {
			module, err = -1, nil
		}
		value, bad := strconv.ParseInt(micros, 36, 64)
		if err == nil && bad == nil {
			times[int(module)] += float64(value) / 1000
		}
	}
	return times
}
