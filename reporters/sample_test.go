package reporters

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares with testdata/name, or rewrites it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-update rewrites it): %s", name, diff)
	}
}

// service is a project whose functions are made of modules of a given size and
// packed for real.
type service struct {
	t       *testing.T
	project analyzer.Project
	graph   *analyzer.Graph
	built   []Built
	sizes   map[string]int
	version string
}

func newService(t *testing.T) *service {
	return &service{
		t: t, graph: &analyzer.Graph{}, sizes: map[string]int{}, version: "1.0.0",
		project: analyzer.Project{Dir: ".", Skipped: []analyzer.Skipped{{Name: "resize", Reason: "is a container image", Position: analyzer.Position{File: "serverless.yml", Line: 40, Column: 3}}}},
	}
}

// module adds an input of so many bytes that asks for others. "lodash@4.17.21"
// in a path stands for an installed folder of that version.
func (s *service) module(path string, size int, imports ...string) {
	clean := path
	var name, version string
	if at := strings.LastIndex(path, "node_modules/"); at >= 0 {
		head, rest := path[:at+len("node_modules/")], path[at+len("node_modules/"):]
		cut := strings.Index(rest[1:], "@") + 1
		slash := strings.Index(rest[cut:], "/") + cut
		name, version = rest[:cut], rest[cut+1:slash]
		clean = head + name + rest[slash:]
	}
	i := s.graph.Intern(clean)
	in := &s.graph.Inputs[i]
	in.Package, in.Version, in.Bytes, in.Format = name, version, int64(size*3), "esm"
	s.sizes[clean] = size
	for n, to := range imports {
		in := &s.graph.Inputs[i]
		edge := analyzer.Import{To: s.graph.Intern(to), Kind: "import", Specifier: "./" + to, Line: n + 1}
		if at := strings.LastIndex(to, "node_modules/"); at >= 0 {
			edge.Specifier = to[at+len("node_modules/"):]
		}
		edges := append(in.Imports, edge)
		s.graph.Inputs[i].Imports = edges
	}
}

// function packs what an entry reaches.
func (s *service) function(name, entry string, more ...func(*packager.Bundle)) {
	s.t.Helper()
	f := analyzer.Function{
		Name: name, Service: "shop", ServiceDir: ".", Format: "serverless", Family: analyzer.Node, Runtime: "nodejs22.x",
		Architecture: "arm64", Handler: strings.TrimSuffix(entry, ".ts") + ".handler", Entry: entry,
		Position: analyzer.Position{File: "serverless.yml", Line: 10 + 4*len(s.built), Column: 3},
	}
	s.project.Functions = append(s.project.Functions, f)
	b := packager.Bundle{Function: f, ID: name, Graph: s.graph, Entry: s.graph.Intern(entry)}
	b.Reached, _ = s.graph.Reach(b.Entry)
	var content strings.Builder
	var parts []packager.Part
	var source int64
	for _, i := range b.Reached {
		n := s.sizes[s.graph.Inputs[i].Path]
		content.WriteString(script(s.graph.Inputs[i], n))
		parts = append(parts, packager.Part{Input: i, Bytes: int64(n)})
		source += s.graph.Inputs[i].Bytes
	}
	content.WriteString("var e=exports;")
	b.Files = []packager.File{{Name: strings.TrimSuffix(entry, ".ts") + ".js", Content: []byte(content.String()), Parts: parts}}
	b.Unbundled = &packager.Unbundled{Files: 2310, Bytes: 48_000_000, ZipBytes: 11_500_000, ZipLow: 10_100_000, ZipHigh: 13_000_000}
	b.Waterfall = []packager.Step{{Name: "unbundled", Bytes: 48_000_000}, {Name: "reachable modules", Bytes: source}, {Name: "minified", Bytes: int64(content.Len())}}
	b.Settings = []packager.Setting{{Name: "format", Value: "cjs"}}
	for _, change := range more {
		change(&b)
	}
	artifact, err := packager.Pack(s.t.Context(), b, s.t.TempDir(), packager.Options{Compress: "fast"})
	if err != nil {
		s.t.Fatal(err)
	}
	s.built = append(s.built, Built{Bundle: b, Artifact: &artifact})
}

// failing adds a function that could not be built.
func (s *service) failing(name, message string, at analyzer.Position) {
	f := analyzer.Function{Name: name, Service: "shop", ServiceDir: ".", Format: "serverless", Family: analyzer.Node, Runtime: "nodejs22.x", Architecture: "arm64", Handler: "src/broken.handler"}
	s.project.Functions = append(s.project.Functions, f)
	s.built = append(s.built, Built{Bundle: packager.Bundle{Function: f, ID: name, Graph: s.graph, Entry: -1, Diagnostics: []analyzer.Diagnostic{
		{Code: "unresolved-import", Severity: analyzer.Error, Message: message, Position: at, Function: name},
	}}})
}

func (s *service) report() Report {
	return New(s.project, s.built, s.graph, []packager.Setting{{Name: "compress", Value: "fast"}}, s.version)
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

// shop is a service with what a report has to show: shared packages, one of
// them twice, a package kept as files, included files, a failure.
func shop(t *testing.T) *service {
	s := newService(t)
	s.module("node_modules/zod@3.23.8/index.mjs", 52_000)
	s.module("node_modules/tslib@2.6.2/tslib.es6.js", 9_000)
	s.module("node_modules/uuid@9.0.1/index.js", 4_000)
	s.module("node_modules/ulid@1.0.0/index.js", 3_000, "node_modules/ulid/node_modules/tslib/tslib.js")
	s.module("node_modules/ulid/node_modules/tslib@1.14.1/tslib.js", 11_000)
	s.module("node_modules/@aws-sdk/client-s3@3.600.0/index.js", 210_000, "node_modules/tslib/tslib.es6.js")
	s.module("src/lib/ids.ts", 900, "node_modules/ulid/index.js", "node_modules/uuid/index.js")
	s.module("src/orders.ts", 6_200, "src/lib/ids.ts", "node_modules/zod/index.mjs", "node_modules/@aws-sdk/client-s3/index.js")
	s.module("src/users.ts", 3_100, "node_modules/zod/index.mjs", "node_modules/uuid/index.js")
	s.module("src/ping.ts", 240)
	s.function("orders", "src/orders.ts")
	s.function("users", "src/users.ts", func(b *packager.Bundle) {
		b.Files = append(b.Files, packager.File{Name: "fonts/a.woff2", Source: writeFile(s.t, 30_000)},
			packager.File{Name: "node_modules/sharp/lib/sharp.node", Content: make([]byte, 120_000), Parts: []packager.Part{{Input: s.graph.Intern("node_modules/sharp/lib/sharp.node"), Bytes: 120_000}}})
		at := s.graph.Intern("node_modules/sharp/lib/sharp.node")
		s.graph.Inputs[at].Package, s.graph.Inputs[at].Version, s.graph.Inputs[at].Format = "sharp", "0.33.4", "addon"
		b.Kept = []packager.Kept{{Package: "sharp", Reason: "is a native addon", Files: 1, Bytes: 120_000}}
		b.Unbundled.ZipExact = true
	})
	s.function("ping", "src/ping.ts", func(b *packager.Bundle) {
		b.Unbundled = nil
		b.Waterfall = b.Waterfall[1:]
		b.Function.Layers = []string{"arn:aws:lambda:eu-west-1:123456789012:layer:base:3"}
	})
	s.failing("refunds", `cannot resolve "lodahs"`, analyzer.Position{File: "src/refunds.ts", Line: 3, Column: 21})
	return s
}

func writeFile(t *testing.T, n int) string {
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(script(analyzer.Input{Path: "font"}, n)), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// newArtifact is a zip of a size, with nothing told about where it is from.
func newArtifact(zip int64) *packager.Artifact {
	return &packager.Artifact{Name: "f.zip", ZipBytes: zip, UnzippedBytes: zip * 3, SHA256: fmt.Sprint(zip), Shares: []packager.Share{{Input: -1, Row: "(zip overhead)", Zipped: zip, Unzipped: zip * 3}}}
}
