package manifest

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
)

// Entry leads the handler of a function in a folder to its source.
func Entry(folder string, f *declared.Function) (skip string, ok bool) {
	d := &discovery{}
	if !d.open(folder) {
		return "", false
	}
	if f.Family == analyzer.Node {
		d.nodeEntry(f)
		return "", true
	}
	return d.goEntry(f), true
}
