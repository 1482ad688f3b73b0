package node

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/unbundled"
)

// Sizes measures the unbundled zips of functions, which depend on files that no bundle does.
type Sizes struct {
	packages *installed.Tree
	measurer *unbundled.Measurer
}

// NewSizes measures with files. exact is that of [packager.Job.ExactBefore].
func NewSizes(files *projectfs.FS, exact bool) (*Sizes, error) {
	packages, err := installed.Open(files)
	if err != nil {
		return nil, err
	}
	return &Sizes{packages, unbundled.New(packages, exact)}, nil
}

// Compressed is what earlier runs have compressed; see [unbundled.Earlier].
type Compressed = unbundled.Earlier

// Remember makes the sizes use what earlier runs have compressed.
func (s *Sizes) Remember(earlier Compressed) { s.measurer.Earlier = &earlier }

// Listed is what sizes keep for those of later runs in this process; see [unbundled.Listed].
type Listed = unbundled.Listed

// Keep makes the sizes use what earlier ones have listed.
func (s *Sizes) Keep(listed *Listed) { s.measurer.Keep(listed) }

// ReadUnasked lists the names of the files that esbuild reads in every folder above a module,
// even above the root.
func ReadUnasked() []string { return installed.Unasked() }

// Of is what [packager.Bundle] says of a function.
func (s *Sizes) Of(f analyzer.Function) *packager.Unbundled {
	b := builder{packages: s.packages}
	j := b.folders(f)
	return s.measurer.Measure(j.f.CodeDir, j.packageDir)
}
