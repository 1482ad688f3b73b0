package node

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// Names that something reads are those of the source, and a function's text works
// where it is sent.
func TestNamesThatAreRead(t *testing.T) {
	for _, e := range examples(t, "names") {
		for _, kind := range []string{"minified", "not minified", "without a map", "es module"} {
			t.Run(e.name+", "+kind, func(t *testing.T) {
				b := e.bundle(t, func(f *analyzer.Function) {
					switch kind {
					case "not minified":
						f.Build.NoMinify = true
					case "without a map":
						f.Build.SourceMap = "none"
					case "es module":
						f.Build.Format = "esm"
					}
				})
				want := e.want["answer"]
				if kind == "not minified" {
					want = strings.ReplaceAll(want, `"Built",false`, `"Built",true`)
				}
				if got := setting(b, "keepParameters"); got != e.want["keepParameters"] {
					t.Errorf("keepParameters is %q", got)
				}
				if got := ask(t, b); got != want {
					t.Errorf("answered %s, want %s", got, want)
				}
				if got := setting(b, "keepNames"); got != e.want["keepNames"] {
					t.Errorf("keepNames is %q", got)
				}
				sum := int64(0)
				for _, part := range b.Files[0].Parts {
					sum += part.Bytes
				}
				if size := int64(len(b.Files[0].Content)); sum > size {
					t.Errorf("parts of %d bytes in a file of %d", sum, size)
				}
			})
		}
	}
}

// Sources that a package's map names are the package's, wherever they seem to lie.
func TestMapsOfPackagesAreNotOwnCode(t *testing.T) {
	b := build(t, `-- package.json --
{"dependencies": {"typeorm": "1", "mapped": "1"}}
-- fn.js --
const { read } = require('typeorm')
exports.handler = async () => read(require('mapped'))
-- node_modules/typeorm/package.json --
{"main": "index.js"}
-- node_modules/typeorm/index.js --
exports.read = c => typeof c
-- node_modules/mapped/package.json --
{"main": "dist.js"}
-- node_modules/mapped/dist.js --
module.exports = { made: class Mapped {}, other: function named() {} }
//# sourceMappingURL=dist.js.map
-- node_modules/mapped/dist.js.map --
{"version": 3, "sources": ["webpack:///src/index.js"], "sourcesContent": ["class Mapped {}"], "names": [], "mappings": "AAAA"}
`)
	if code := string(b.Files[0].Content); strings.Contains(code, "Mapped") {
		t.Errorf("a name that nobody reads is kept:\n%s", code)
	}
}

// Which names a package keeps does not depend on where its source maps lead, nor on what becomes of
// the bundle's own map.
func TestNamesDoNotDependOnMaps(t *testing.T) {
	archive := `-- fn.js --
const { read, Mapped, make } = require('typeorm')
exports.handler = async () => [read(Mapped), read(make()), read(require('other').Own)]
-- node_modules/typeorm/package.json --
{"main": "dist.js"}
-- node_modules/typeorm/dist.js --
class Mapped {}
class Other {}
exports.read = c => c.name
exports.make = () => Other
exports.Mapped = Mapped
//# sourceMappingURL=dist.js.map
-- node_modules/typeorm/dist.js.map --
{"version": 3, "sources": ["../../src/index.ts"], "sourcesContent": ["class Mapped {}"], "names": [], "mappings": "AAAA"}
-- node_modules/other/package.json --
{"main": "other.js"}
-- node_modules/other/other.js --
exports.Own = class Unread {}
`
	var codes []string
	for _, change := range []func(*analyzer.Function){
		func(f *analyzer.Function) { f.Build.SourceMap = "external" },
		func(f *analyzer.Function) { f.Build.SourceMap = "none" },
		func(f *analyzer.Function) { f.Build.MapToModules = true },
	} {
		b := build(t, archive, change)
		if answer := ask(t, b); !strings.HasPrefix(answer, `["Mapped","Other",`) || strings.Contains(answer, "Unread") {
			t.Errorf("answered %s", answer)
		}
		codes = append(codes, string(b.Files[0].Content))
	}
	if codes[1] != codes[0] || codes[2] != codes[0] {
		t.Errorf("the code depends on the map:\n%q", codes)
	}
}

// A package may bring source maps to sources that are no inputs. What is taken out of
// its code counts for it, and the parts fit into the file.
func TestPartsFitWhereMapsLeadElsewhere(t *testing.T) {
	b := build(t, `-- fn.js --
const { read } = require('typeorm')
exports.handler = async () => read(require('mapped').Mapped)
-- node_modules/typeorm/package.json --
{"main": "index.js"}
-- node_modules/typeorm/index.js --
exports.read = c => typeof c
-- node_modules/mapped/package.json --
{"main": "dist.js"}
-- node_modules/mapped/dist.js --
class Mapped {} class Other {} class Third {}
exports.Mapped = [Mapped, Other, Third, () => {}, function named() {}]
//# sourceMappingURL=dist.js.map
-- node_modules/mapped/dist.js.map --
{"version": 3, "sources": ["src/index.ts"], "sourcesContent": ["class Mapped {} class Other {} class Third {}"], "names": [],
 "mappings": "AAAA,gBAAgB,eAAe;AAAA"}
`)
	sum := int64(0)
	for _, part := range b.Files[0].Parts {
		sum += part.Bytes
	}
	if size := int64(len(b.Files[0].Content)); sum > size || ask(t, b) != `"object"` {
		t.Errorf("parts of %d bytes in a file of %d", sum, size)
	}
}
