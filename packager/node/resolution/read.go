package resolution

import (
	"fmt"
	"maps"
	"path"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace"
	"github.com/featherpack/featherpack/packager/node/credentials"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/pass/onload"
)

// Known returns what [Resolution.Read] has found of a file.
func (r *Resolution) Known(file string) (finding *trace.Result, changes []onload.Change, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	changes, known = r.changes[file]
	return r.findings[file], changes, known
}

// Read traces a module and runs the passes on load. Both parse it at most once. build is
// a running build of the resolution's options.
func (r *Resolution) Read(build api.PluginBuild, file string, text []byte) (*trace.Result, []onload.Change) {
	m := r.module(file, text)
	parse := onload.Parse(m.File)
	changes := onload.Changes(&onload.Module{File: m.Path, Source: text, Text: parse}, view{r, build, m.Path}, r.Passes)
	finding, known := r.Finding(file)
	if !known {
		if m.Triggered() {
			m.Text = parse()
		}
		finding = r.trace(build, file, m)
	}
	r.mu.Lock()
	r.changes[file] = changes
	r.mu.Unlock()
	return finding, changes
}

// Written maps the specifiers that passes have written into an input to those in its own
// text.
func (r *Resolution) Written(input string) map[string]string {
	_, changes, _ := r.Known(r.packages.Absolute(input))
	var written map[string]string
	for _, c := range changes {
		if len(c.Requests) > 0 {
			if written == nil {
				written = map[string]string{}
			}
			maps.Copy(written, c.Requests)
		}
	}
	return written
}

// view answers the passes' questions.
type view struct {
	resolution *Resolution
	build      api.PluginBuild
	asking     string // the input that the passes work on
}

var _ onload.View = view{}

// Resolve is that of [onload.View].
func (v view) Resolve(from, specifier string) string {
	packages := v.resolution.packages
	if js.Builtin(specifier) || v.resolution.LambdaCredentials && credentials.Unused(from, specifier) {
		return ""
	}
	dir := path.Dir(from)
	leads := question{dir, specifier, api.ResolveJSImportStatement}
	v.resolution.mu.Lock()
	to, known := v.resolution.leads[leads]
	v.resolution.mu.Unlock()
	if known {
		return to
	}
	file, external := v.resolution.Find(v.build, packages.Absolute(dir), specifier, api.ResolveJSImportStatement)
	if file != "" && !external && packages.Ours(file) && installed.Inside(packages.Root(), file) && !installed.Archived(file) && !packages.HasTwin(file) {
		to = packages.Relative(file)
	}
	v.resolution.mu.Lock()
	v.resolution.leads[leads] = to
	v.resolution.mu.Unlock()
	return to
}

// Module is that of [onload.View].
func (v view) Module(file string) *onload.Module {
	v.resolution.noteRead(v.asking, file)
	return v.resolution.Module(file)
}

// Module is a file, relative to the root, that is parsed when its text is asked for. It is
// nil for what is not code.
func (r *Resolution) Module(file string) *onload.Module {
	at := r.packages.Absolute(file)
	if !r.IsCode(at) {
		return nil
	}
	text, err := r.packages.ReadModule(at)
	if err != nil {
		return nil
	}
	return &onload.Module{File: file, Source: text, Text: onload.Parse(r.module(at, text).File)}
}

// JSON is that of [onload.View].
func (v view) JSON(file string) []byte {
	v.resolution.noteRead(v.asking, file)
	packages := v.resolution.packages
	text, err := packages.ReadModule(packages.Absolute(file))
	if file == "" || err != nil {
		return nil
	}
	return text
}

// Outline is that of [onload.View].
func (v view) Outline(file string) *js.Outline {
	r := v.resolution
	r.noteRead(v.asking, file)
	return remembered(r, r.outlines, file, func() (o *js.Outline) {
		if at := r.packages.Absolute(file); r.Loader(at) == api.LoaderJS {
			if text, err := r.packages.ReadModule(at); err == nil {
				o, _ = js.Skim(text)
			}
		}
		return o
	})
}

// Exports is that of [onload.View].
func (v view) Exports(file string) *js.Outline {
	r := v.resolution
	r.noteRead(v.asking, file)
	at := r.packages.Absolute(file)
	if loader := r.Loader(at); loader == api.LoaderJS || !js.IsCode(loader) {
		return v.Outline(file)
	}
	return remembered(r, r.exports, file, func() (o *js.Outline) {
		if m := r.Module(file); m != nil {
			if text := m.Text(); text != nil {
				o, _ = js.Skim([]byte(text.Source))
			}
		}
		return o
	})
}

// Below is that of [onload.View]. The answer is remembered where all of it lies in installed
// packages: what the project's own modules import may be another tomorrow, and each that
// asks must be known. One question waits for another, since most functions of a batch ask
// the same.
func (v view) Below(file string) *onload.Below {
	r := v.resolution
	r.following.Lock()
	defer r.following.Unlock()
	r.mu.Lock()
	b := r.below[file]
	r.mu.Unlock()
	if b != nil {
		return b
	}
	b = onload.Follow(v, file)
	for f := range b.Files {
		if installed.PackageDir(f) == "" {
			return b
		}
	}
	r.mu.Lock()
	r.below[file] = b
	r.mu.Unlock()
	return b
}

// SideEffectFree is that of [onload.View].
func (v view) SideEffectFree(file string) bool {
	_, m := v.resolution.packages.Nearest(filepath.Dir(v.resolution.packages.Absolute(file)))
	return m != nil && m.SideEffectFree()
}

// Process is that of [onload.View].
func (v view) Process() onload.Process {
	r := v.resolution
	var major int
	if _, err := fmt.Sscanf(r.Runtime, "nodejs%d.x", &major); err != nil {
		major = 0 // another runtime may bring another engine
	}
	return onload.Process{Node: major, Arch: r.Target.CPU, Define: r.Options.Define}
}

// Globals is what a file of the graph may do to global variables. The answer is
// remembered.
func (r *Resolution) Globals(file string) onload.Globals {
	return remembered(r, r.globals, file, func() (g onload.Globals) {
		if text, err := r.packages.ReadModule(file); err == nil {
			g = onload.GlobalsOf(&onload.Module{File: file, Source: text, Text: onload.Parse(r.module(file, text).File)})
			g.Module = file
		}
		return g
	})
}

// GlobalNames are the global variables whose names a file has as data. The answer is
// remembered.
func (r *Resolution) GlobalNames(file string) []string {
	return remembered(r, r.dataNames, file, func() (names []string) {
		if text, err := r.packages.ReadModule(file); err == nil {
			names = onload.NamesIn(&onload.Module{File: file, Source: text, Text: onload.Parse(r.module(file, text).File)})
		}
		return names
	})
}
