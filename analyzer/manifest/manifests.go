package manifest

import (
	"iter"

	"github.com/featherpack/featherpack/analyzer/manifest/declared"
)

// Manifests yields the manifests that [Discover] would read, each with the name of
// its format: serverless, template, terraform or featherpack.
func Manifests(dir string, o Options) iter.Seq2[string, declared.Input] {
	return func(yield func(string, declared.Input) bool) {
		d := &discovery{Options: o}
		if !d.open(dir) {
			return
		}
		d.readConfigs()
		services, _ := d.find()
		for _, s := range services {
			if !yield(s.format.name, d.input(s.Service)) {
				return
			}
		}
	}
}
