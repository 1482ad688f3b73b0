package sample

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// Shop is a service with everything that a report can show: shared packages, one of them
// twice, a package kept as files, included files, and a failure.
func Shop(t *testing.T) *Service {
	s := NewService(t)
	s.Module("node_modules/zod@3.23.8/index.mjs", 52_000)
	s.Module("node_modules/tslib@2.6.2/tslib.es6.js", 9_000)
	s.Module("node_modules/uuid@9.0.1/index.js", 4_000)
	s.Module("node_modules/ulid@1.0.0/index.js", 3_000, "node_modules/ulid/node_modules/tslib/tslib.js")
	s.Module("node_modules/ulid/node_modules/tslib@1.14.1/tslib.js", 11_000)
	s.Module("node_modules/@aws-sdk/client-s3@3.600.0/index.js", 210_000, "node_modules/tslib/tslib.es6.js")
	s.Module("src/lib/ids.ts", 900, "node_modules/ulid/index.js", "node_modules/uuid/index.js")
	s.Module(
		"src/orders.ts", 6_200, "src/lib/ids.ts", "node_modules/zod/index.mjs",
		"node_modules/@aws-sdk/client-s3/index.js",
	)
	s.Module("src/users.ts", 3_100, "node_modules/zod/index.mjs", "node_modules/uuid/index.js")
	s.Module("src/ping.ts", 240)
	s.Function("orders", "src/orders.ts")
	s.Function("users", "src/users.ts", func(b *packager.Bundle) {
		b.Files = append(b.Files, packager.File{Name: "fonts/a.woff2", Source: writeFile(s.t, 30_000)},
			packager.File{
				Name: "node_modules/sharp/lib/sharp.node", Content: make([]byte, 120_000),
				Parts: []packager.Part{{Input: s.Graph.Intern("node_modules/sharp/lib/sharp.node"), Bytes: 120_000}},
			})
		at := s.Graph.Intern("node_modules/sharp/lib/sharp.node")
		s.Graph.Inputs[at].Package, s.Graph.Inputs[at].Version, s.Graph.Inputs[at].Format = "sharp", "0.33.4", "addon"
		b.Kept = []packager.Kept{{Package: "sharp", Reason: "is a native addon", Files: 1, Bytes: 120_000}}
		b.Unbundled.ZipExact = true
	})
	s.Function("ping", "src/ping.ts", func(b *packager.Bundle) {
		b.Unbundled = nil
		b.Waterfall = b.Waterfall[1:]
		b.Function.Layers = []string{"arn:aws:lambda:eu-west-1:123456789012:layer:base:3"}
	})
	s.Failing("refunds", `cannot resolve "lodahs"`, analyzer.Position{File: "src/refunds.ts", Line: 3, Column: 21})
	return s
}

func writeFile(t *testing.T, n int) string {
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(script(analyzer.Input{Path: "font"}, n)), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}
