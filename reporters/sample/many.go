package sample

import (
	"fmt"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

// Many is n functions that import eight packages each, of 800 that they share
// and that have 50 files each.
func Many(n int) reporters.Report {
	const packages, files, each = 800, 50, 8
	r := reporters.Report{Schema: reporters.SchemaVersion, Tool: reporters.Tool{Name: "featherpack", Version: "1.0.0"}}
	for p := range packages {
		name := fmt.Sprintf("package-%03d", p)
		for i := range files {
			in := analyzer.Input{
				Path: fmt.Sprintf("node_modules/%s/lib/part%d/file-%02d.js", name, i%5, i), Package: name,
				Version: "1.2.3", Bytes: 4000, Format: "esm",
			}
			if i == 0 {
				for to := 1; to < files; to++ {
					in.Imports = append(in.Imports, analyzer.Import{
						To: p*files + to, Kind: "import", Specifier: "./part",
					})
				}
			}
			r.Inputs = append(r.Inputs, in)
		}
	}
	for i := range n {
		f := reporters.Function{Status: reporters.StatusBuilt, EntryInput: len(r.Inputs)}
		f.ID = fmt.Sprintf("function-%04d", i)
		f.Service, f.Runtime, f.Architecture, f.MemoryMB = "platform", "nodejs22.x", "arm64", 512
		f.Entry = fmt.Sprintf("src/function-%04d.ts", i)
		entry := analyzer.Input{Path: f.Entry, Bytes: 900, Format: "esm"}
		f.Artifact = &packager.Artifact{Name: f.ID + ".zip", ZipBytes: 150, Entries: make([]packager.Entry, 1)}
		f.Packages = []reporters.PackageBytes{{Name: "(zip overhead)", Zipped: 150}}
		for k := range each {
			p := (i*7 + k*101) % packages
			row := reporters.PackageBytes{Name: fmt.Sprintf("package-%03d", p), Version: "1.2.3"}
			entry.Imports = append(entry.Imports, analyzer.Import{To: p * files, Kind: "import", Specifier: row.Name})
			for j := range files {
				bytes := reporters.InputBytes{
					Input: p*files + j, Unzipped: int64(400 + (i*j)%2000), Zipped: int64(120 + (i*j)%600),
				}
				f.Inputs = append(f.Inputs, bytes)
				row.Unzipped, row.Zipped = row.Unzipped+bytes.Unzipped, row.Zipped+bytes.Zipped
			}
			f.Packages = append(f.Packages, row)
		}
		slices.SortFunc(f.Inputs, func(a, b reporters.InputBytes) int { return a.Input - b.Input })
		for _, p := range f.Packages[1:] {
			f.Artifact.ZipBytes += p.Zipped
			f.Artifact.UnzippedBytes += p.Unzipped
		}
		f.Waterfall = []packager.Step{
			{Name: "unbundled", Bytes: 40_000_000}, {Name: "reachable modules", Bytes: 1_600_000},
			{Name: "minified", Bytes: f.Artifact.UnzippedBytes}, {Name: "zipped", Bytes: f.Artifact.ZipBytes},
		}
		r.Inputs, r.Functions = append(r.Inputs, entry), append(r.Functions, f)
	}
	r.Totals = reporters.Total(r.Functions)
	return r
}
