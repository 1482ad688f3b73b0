package settings_test

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

func FuzzFeatherpack(f *testing.F) {
	manifesttest.Fuzz(f, "featherpack.yaml", manifesttest.Files{"a.ts": "", "cmd/a/main.go": manifesttest.GoMain},
		"functions: {a: a.ts, b: {entry: ./cmd/a, tags: auto}}\nbuild: {minify: false, include: ['x/**']}\n"+
			"override: {'a*': {sdk: runtime}}\n",
		"functions: {a: {entry: a.ts, handler: h, environment: {A: 1}}}\n"+
			"budgets: [{zip: {max: 1 MiB, grow: 2%}, forbid: [x], load: 5 ms}]\n"+
			"advice: {ignore: [{code: c, reason: r, until: 2027-01-01}]}\ninstall: {scripts: [x]}\n",
	)
}
