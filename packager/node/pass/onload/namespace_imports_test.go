package onload

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// modules are packages that hand names on. pure says that it is free of side effects.
const modules = `
-- node_modules/pure/index.js --
export * as z from './z.js'
export { default as one, two } from './plain.js'
export * from './stars.js'
export const own = 1
export { cjs } from './cjs.js'
export * as whole from './cjs.js'
export { default as named, outer } from './named.js'
-- node_modules/pure/named.js --
const inner = 1
export { inner as outer }
export default inner
-- node_modules/pure/z.js --
import * as deeper from './deeper.js'
export const a = 1, b = () => deeper
export { deeper }
-- node_modules/pure/deeper.js --
export const c = 1
-- node_modules/pure/plain.js --
export default function () {}
export const two = 2
-- node_modules/pure/stars.js --
export * from './left.js'
export * from './right.js'
-- node_modules/pure/left.js --
export const both = 1, left = 2
export * as z from './deeper.js'
-- node_modules/pure/right.js --
export const both = 1
import * as right from './deeper.js'
export { right }
-- node_modules/pure/cjs.js --
exports.cjs = 1
-- node_modules/pure/circle/index.js --
export { B } from './b.js'
export { A } from './a.js'
-- node_modules/pure/circle/a.js --
import { B } from './b.js'
export class A extends B {}
-- node_modules/pure/circle/b.js --
import { A } from './a.js'
export class B { make() { return new A() } }
-- node_modules/pure/typed/index.js --
export * from './types.js'
export * from './some.js'
-- node_modules/pure/typed/types.js --
export {}
-- node_modules/pure/typed/some.js --
export const some = 1
-- node_modules/pure/effects/index.js --
export { some } from '../typed/some.js'
export { effect } from './effect.js'
-- node_modules/pure/effects/effect.js --
import 'full/external.js'
export const effect = 1
-- node_modules/pure/requires/index.js --
export { some } from '../typed/some.js'
export { effect } from './effect.js'
-- node_modules/pure/requires/effect.js --
import 'full/common.js'
export const effect = 1
-- node_modules/full/common.js --
globalThis.common = true
-- node_modules/pure/through.js --
import * as core from './index.js';
import { z } from './index.js'
core.right.c(z.a, core.z.deeper.c)
-- node_modules/pure/back.js --
export * as z from './z.js'
import './into.js'
-- node_modules/pure/into.js --
import { z } from './back.js'
z.a
-- node_modules/full/index.js --
import * as z from './external.js'
export * from './external.js'
export { z }
export default z
-- node_modules/full/external.js --
export const a = 1
-- node_modules/back/index.js --
import 'importer'
export * as z from './z.js'
-- node_modules/back/z.js --
export const a = 1
-- node_modules/importer/index.js --
import { z } from 'back'
z.a
`

func TestNamespaceImports(t *testing.T) {
	for _, test := range []struct{ before, after string }{
		{"import { z } from 'pure'; z.a", `import * as z from "./node_modules/pure/z.js"; z.a`},
		{"import { z as y } from 'pure'; y.b(y.a)", `import * as y from "./node_modules/pure/z.js"; y.b(y.a)`},
		{"import { right } from 'pure'; right.c", `import * as right from "./node_modules/pure/deeper.js"; right.c`},
		{
			"import {\n  z,\n  own,\n} from 'pure'\nz.a + own",
			"import { own } from \"pure\"; import * as z from \"./node_modules/pure/z.js\"\n\n\n\nz.a + own",
		},
		{
			"import { z } from 'full'; z.a",
			`import {} from "full"; import * as z from "./node_modules/full/external.js"; z.a`,
		},
		{
			"import z, { a } from 'full'; z.a + a",
			`import { a } from "full"; import * as z from "./node_modules/full/external.js"; z.a + a`,
		},

		{
			"import { z } from 'pure'; z.deeper.c(z.a)",
			`import * as z from "./node_modules/pure/z.js"; import * as z_deeper from "./node_modules/pure/deeper.js"; z_deeper.c(z.a)`,
		},
		{
			"import * as p from 'pure'; p.z.a; p.own",
			`import * as p from 'pure'; import * as p_z from "./node_modules/pure/z.js"; p_z.a; p.own`,
		},
		{"import * as p from 'pure'; p.z.a; f(p.z)", ""},
		{"import * as p from 'pure'; p.z.a = 1", ""},
		{"import * as p from 'pure'; p.z.missing", ""},
		{"import * as p from 'pure'; p.z?.a; p?.z.a", ""},
		{"import * as p from 'pure'; p.whole.cjs", ""},
		{"import { z } from 'pure'; f(z)", ""},
		{"import { z } from 'pure'; z.a = 1", ""},
		{"import { z } from 'pure'; z.a++; z.b()", ""},
		{"import { z } from 'pure'; [z.a] = []", ""},
		{"import { z } from 'pure'; delete z.a", ""},
		{"import { z } from 'pure'; const { a } = z", ""},
		{"import { z } from 'pure'; z.missing", ""},
		{"import { z } from 'pure'; z['a']", ""},
		{"import { z } from 'pure'; z()", ""},
		{"import { z } from 'pure'; export { z }; z.a", ""},
		{"import { z } from 'pure'; export default z", ""},
		{"import { z } from 'pure'; eval('z'); z.a", ""},
		{"import { z } from 'pure'", ""},
		{"import { whole } from 'pure'; whole.cjs", ""},
		{"import { own } from 'pure'; own", ""},
		{"import { z } from './pure.js'; z.a", ""},
		{"import { z } from 'pure' with { type: 'x' }; z.a", ""},
		{"import { z } from 'none'; z.a", ""},
	} {
		want := test.after
		if want == "" {
			want = test.before
		}
		got := apply(t, analyzer.NamespaceImports, "a.js", modules+"-- a.js --\n"+test.before+"\n")
		if got != want {
			t.Errorf("%s\nbecame %s", test.before, got)
		}
	}
	// In TypeScript the places are those of its own text.
	typed := "import { z } from 'pure'\ninterface I { of: z.deeper.C }\nexport const a = <I>(of: I): number => z.deeper.c(z.deeper.c as any, of)"
	want := "import * as z from \"./node_modules/pure/z.js\"; import * as z_deeper from \"./node_modules/pure/deeper.js\"\n" +
		"interface I { of: z.deeper.C }\nexport const a = <I>(of: I): number => z_deeper.c(z_deeper.c as any, of)"
	if got := apply(t, analyzer.NamespaceImports, "a.ts", modules+"-- a.ts --\n"+typed+"\n"); strings.TrimSpace(got) != want {
		t.Errorf("%s became\n%s", typed, got)
	}
	for name, want := range map[string]string{
		"node_modules/pure/through.js": "import * as core from './index.js'; import * as core_right from \"./deeper.js\"; " +
			"import * as core_z from \"./z.js\";\nimport {} from \"./index.js\"; import * as z from \"./z.js\"\ncore_right.c(z.a, core_z.deeper.c)",
		"node_modules/pure/into.js": "import { z } from './back.js'\nz.a", // it is evaluated in the middle of back.js
	} {
		if got := apply(t, analyzer.NamespaceImports, name, modules); strings.TrimSpace(got) != want {
			t.Errorf("%s became\n%s", name, got)
		}
	}
	const importer = "node_modules/importer/index.js"
	if got := apply(t, analyzer.NamespaceImports, importer, modules); strings.Contains(got, "*") {
		t.Errorf("a module that the package imports is changed:\n%s", got)
	}
}

func TestBarrelImports(t *testing.T) {
	for _, test := range []struct{ before, after string }{
		{"import { one } from 'pure'", `import { default as one } from "./node_modules/pure/plain.js"`},
		{
			"import { two as b, left } from 'pure'",
			`import { two as b } from "./node_modules/pure/plain.js"; import { left as left } from "./node_modules/pure/left.js"`,
		},
		{"import { A } from 'pure/circle'", ""}, // a.js comes first, through the barrel
		{"import { B } from 'pure/circle'", `import { B as B } from "./node_modules/pure/circle/b.js"`},
		{"import { some } from 'pure/typed'", `import { some as some } from "./node_modules/pure/typed/some.js"`},
		{"import { some } from 'pure/effects'", ""}, // who else imports external.js would evaluate it later
		{"import { effect } from 'pure/effects'", `import { effect as effect } from "./node_modules/pure/effects/effect.js"`},
		{"import { some } from 'pure/requires'", `import { some as some } from "./node_modules/pure/typed/some.js"`},
		{"import { both } from 'pure'", ""},
		{"import { named } from 'pure'", `import { default as named } from "./node_modules/pure/named.js"`},
		{"import { outer } from 'pure'", `import { outer as outer } from "./node_modules/pure/named.js"`},
		{"import { own } from 'pure'", ""},
		{"import { one, own } from 'pure'", ""},
		{"import { cjs } from 'pure'", ""},
		{"import { a } from 'full'", ""},
		{"import pure, { one } from 'pure'", ""},
	} {
		want := test.after
		if want == "" {
			want = test.before
		}
		if got := apply(t, analyzer.BarrelImports, "a.js", modules+"-- a.js --\n"+test.before+"\n"); got != want {
			t.Errorf("%s\nbecame %s", test.before, got)
		}
	}
}
