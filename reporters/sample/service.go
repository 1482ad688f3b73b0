package sample

import (
	"fmt"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

// Service is a project whose functions consist of modules of given sizes and are actually
// packed.
type Service struct {
	t       *testing.T
	Project analyzer.Project
	Graph   *analyzer.Graph
	Built   []reporters.Built
	Sizes   map[string]int
	version string
}

// NewService returns a project without functions.
func NewService(t *testing.T) *Service {
	return &Service{
		t: t, Graph: &analyzer.Graph{}, Sizes: map[string]int{}, version: "1.0.0",
		Project: analyzer.Project{
			Dir: ".",
			Skipped: []analyzer.Skipped{
				{
					Name: "resize", Reason: "is a container image",
					Position: analyzer.Position{File: "serverless.yml", Line: 40, Column: 3},
				},
			},
		},
	}
}

// Module adds an input of so many bytes that asks for others. "lodash@4.17.21"
// in a path stands for an installed folder of that version.
func (s *Service) Module(path string, size int, imports ...string) {
	clean := path
	var name, version string
	if at := strings.LastIndex(path, "node_modules/"); at >= 0 {
		head, rest := path[:at+len("node_modules/")], path[at+len("node_modules/"):]
		cut := strings.Index(rest[1:], "@") + 1
		slash := strings.Index(rest[cut:], "/") + cut
		name, version = rest[:cut], rest[cut+1:slash]
		clean = head + name + rest[slash:]
	}
	i := s.Graph.Intern(clean)
	in := &s.Graph.Inputs[i]
	in.Package, in.Version, in.Bytes, in.Format = name, version, int64(size*3), "esm"
	s.Sizes[clean] = size
	for n, to := range imports {
		in := &s.Graph.Inputs[i]
		edge := analyzer.Import{To: s.Graph.Intern(to), Kind: "import", Specifier: "./" + to, Line: n + 1}
		if at := strings.LastIndex(to, "node_modules/"); at >= 0 {
			edge.Specifier = to[at+len("node_modules/"):]
		}
		edges := append(in.Imports, edge)
		s.Graph.Inputs[i].Imports = edges
	}
}

// Function packs what an entry reaches.
func (s *Service) Function(name, entry string, more ...func(*packager.Bundle)) {
	s.t.Helper()
	f := analyzer.Function{
		Name: name, Service: "shop", ServiceDir: ".", Format: "serverless", Family: analyzer.Node,
		Runtime:      "nodejs22.x",
		Architecture: "arm64", Handler: strings.TrimSuffix(entry, ".ts") + ".handler", Entry: entry,
		Position: analyzer.Position{File: "serverless.yml", Line: 10 + 4*len(s.Built), Column: 3},
	}
	s.Project.Functions = append(s.Project.Functions, f)
	b := packager.Bundle{Function: f, ID: name, Graph: s.Graph, Entry: s.Graph.Intern(entry)}
	b.Reached, _ = s.Graph.Reach(b.Entry)
	var content strings.Builder
	var parts []packager.Part
	var source int64
	for _, i := range b.Reached {
		n := s.Sizes[s.Graph.Inputs[i].Path]
		content.WriteString(script(s.Graph.Inputs[i], n))
		parts = append(parts, packager.Part{Input: i, Bytes: int64(n)})
		source += s.Graph.Inputs[i].Bytes
	}
	content.WriteString("var e=exports;")
	b.Files = []packager.File{
		{Name: strings.TrimSuffix(entry, ".ts") + ".js", Content: []byte(content.String()), Parts: parts},
	}
	b.Unbundled = &packager.Unbundled{
		Files: 2310, Bytes: 48_000_000, ZipBytes: 11_500_000, ZipLow: 10_100_000, ZipHigh: 13_000_000,
	}
	b.Waterfall = []packager.Step{
		{Name: "unbundled", Bytes: 48_000_000}, {Name: "reachable modules", Bytes: source},
		{Name: "minified", Bytes: int64(content.Len())},
	}
	b.Settings = []packager.Setting{{Name: "format", Value: "cjs"}}
	for _, change := range more {
		change(&b)
	}
	artifact, err := packager.Pack(s.t.Context(), b, s.t.TempDir(), packager.Options{Compress: "fast"})
	if err != nil {
		s.t.Fatal(err)
	}
	s.Built = append(s.Built, reporters.Built{Bundle: b, Artifact: &artifact})
}

// Failing adds a function that could not be built.
func (s *Service) Failing(name, message string, at analyzer.Position) {
	f := analyzer.Function{
		Name: name, Service: "shop", ServiceDir: ".", Format: "serverless", Family: analyzer.Node,
		Runtime: "nodejs22.x", Architecture: "arm64", Handler: "src/broken.handler",
	}
	s.Project.Functions = append(s.Project.Functions, f)
	s.Built = append(s.Built, reporters.Built{Bundle: packager.Bundle{Function: f, ID: name, Graph: s.Graph, Entry: -1,
		Diagnostics: []analyzer.Diagnostic{
			{Code: "unresolved-import", Severity: analyzer.Error, Message: message, Position: at, Function: name},
		}}})
}

func (s *Service) Report() reporters.Report {
	return reporters.New(s.Project, s.Built, s.Graph, []packager.Setting{{Name: "compress", Value: "fast"}}, s.version)
}

// script is n bytes that look like code, always the same for one input.
func script(in analyzer.Input, n int) string {
	var b strings.Builder
	seed := uint64(14695981039346656037)
	for _, c := range []byte(in.Path + in.Version) {
		seed = (seed ^ uint64(c)) * 1099511628211
	}
	for b.Len() < n {
		seed = seed*6364136223846793005 + 1442695040888963407
		fmt.Fprintf(&b, "function f%x(a,b){return a.get(%d)+b}\n", seed>>44, seed>>50)
	}
	return b.String()[:n]
}

// NewArtifact is a zip of a size, with nothing told about where it is from.
func NewArtifact(zip int64) *packager.Artifact {
	return &packager.Artifact{
		Name: "f.zip", ZipBytes: zip, UnzippedBytes: zip * 3, SHA256: fmt.Sprint(zip),
		Shares: []packager.Share{{Input: -1, Row: "(zip overhead)", Zipped: zip, Unzipped: zip * 3}},
	}
}
