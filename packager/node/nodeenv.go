package node

import (
	"bytes"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// NODE_ENV has two kinds of readers. Packages choose their production build by it, and
// the dead half is left out of the bundle. Own code means the variable: a table may be
// called orders-${NODE_ENV || 'dev'}.
//
// Where the manifest sets the variable, both read that value. Where it does not,
// packages read "production", and own code reads the variable at run time.

const (
	nodeEnv       = "NODE_ENV"
	nodeOptions   = "NODE_OPTIONS"
	nodeEnvDefine = "process.env.NODE_ENV"
)

// packagesNodeEnv is what packages read as NODE_ENV.
func packagesNodeEnv(f analyzer.Function) string {
	if value := f.Environment[nodeEnv]; value != "" {
		return value
	}
	return "production"
}

// readsNodeEnv reports whether own code reads NODE_ENV at run time: neither the
// manifest nor the build settings fix it.
func readsNodeEnv(f analyzer.Function) bool {
	if f.Environment[nodeEnv] != "" {
		return false
	}
	for _, name := range []string{nodeEnvDefine, "process.env", "process", "NODE_ENV"} {
		if _, defined := f.Build.Define[name]; defined {
			return false
		}
	}
	return true
}

// keepNodeEnv returns edits of an own module that keep esbuild from replacing
// process.env.NODE_ENV: globalThis.process.env.NODE_ENV is the same variable, and not
// what is defined.
func keepNodeEnv(file js.File) []js.Edit {
	if !bytes.Contains(file.Source, []byte(nodeEnv)) || !bytes.Contains(file.Source, []byte("process")) {
		return nil
	}
	text, err := js.Read(file)
	if err != nil {
		return nil // esbuild's to report
	}
	text.Bind()
	var edits []js.Edit
	var look func(*js.Node)
	look = func(n *js.Node) {
		if process := nodeEnvRead(n); process != nil && process.IsGlobal("process") {
			place := js.Place{Start: int(process.Start), End: int(process.End)}
			text.Locate(&place)
			if bytes.HasPrefix(file.Source[place.Start:], []byte("process")) {
				edits = append(edits, js.Edit{Start: place.Start, End: place.Start, Text: "globalThis."})
			}
		}
		n.Each(look)
	}
	look(text.Top)
	return edits
}

// nodeEnvRead returns the process of process.env.NODE_ENV, in any way of writing it.
func nodeEnvRead(n *js.Node) *js.Node {
	member := func(n *js.Node, name string) bool {
		return n.Kind == js.Member && n.Name == name || n.Kind == js.Index && n.Y.IsPlainString() && plainText(n.Y) == name
	}
	if !member(n, nodeEnv) || !member(n.X, "env") || n.X.X.Kind != js.Name {
		return nil
	}
	return n.X.X
}

// plainText is the value of a string without expressions.
func plainText(n *js.Node) string {
	if n.Kind == js.Template {
		return n.Texts[0]
	}
	return n.Name
}

// nodeEnvSetting tells who reads NODE_ENV as what, "" where no own code mentions it
// and the manifest does not set it.
func (b *builder) nodeEnvSetting(s *settled) string {
	if !readsNodeEnv(s.f) {
		if s.f.Environment[nodeEnv] != "" {
			return "as the function's environment sets it"
		}
		return ""
	}
	for _, input := range s.Reached {
		if installed.PackageDir(input) != "" || s.Bytes(input) == 0 || !s.resolution.IsCode(b.packages.Absolute(input)) {
			continue
		}
		if text, err := b.packages.ReadModule(b.packages.Absolute(input)); err == nil && bytes.Contains(text, []byte(nodeEnv)) {
			return "production for packages, own code reads it at run time"
		}
	}
	return ""
}
