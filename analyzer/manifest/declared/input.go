package declared

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// Service is one manifest.
type Service struct {
	// File is the manifest's path relative to the root. Dir is its folder.
	File, Dir string
	// Name is unique among the services of the project.
	Name string
	Root *yamltree.Value
	// Resolved means that no variables are left: what looks like one is text.
	Resolved bool
}

// Input is one manifest, the files around it, and the settings of the command
// line.
type Input struct {
	*projectfs.FS
	Service
	// Folder is the folder asked for, relative to the root.
	Folder string
	// Stage, Params, Opts and LookupEnv are as in manifest.Options.
	Stage        string
	Params, Opts map[string]string
	LookupEnv    func(string) (string, bool)
	// Tags are the Go build tags of the folder.
	Tags []string
}

// Found is what a manifest declares, in its order.
type Found struct {
	Functions []*Function
	// Problems are those of the whole service.
	Problems []analyzer.Diagnostic
}

// Declare adds a function.
func (f *Found) Declare(function *Function) { f.Functions = append(f.Functions, function) }

// Skip adds a function that featherpack does not build. The reason is a clause.
func (f *Found) Skip(name string, at analyzer.Position, reason string) {
	f.Declare(&Function{Function: analyzer.Function{Name: name, Position: at}, Skip: reason})
}

// Report adds a problem to the service.
func (f *Found) Report(d analyzer.Diagnostic) { f.Problems = append(f.Problems, d) }
