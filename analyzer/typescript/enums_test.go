package typescript

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// Constant enums have the values that JavaScript computes.
func TestConstantEnums(t *testing.T) {
	for expression, want := range map[string]string{
		"1 << 31": "(-2147483648)", "1 << -1": "(-2147483648)", "1 << 33": "2", "1 + 2 * 3": "7", "1 | 2 << 3": "17", "~0": "(-1)", "-~-+2": "(-1)",
		"-8 >>> 28": "15", "-8 >> 1": "(-4)", "(1 + 2) * 3": "9", "6 - 3 - 2": "1", "1 << 2 + 1": "8", "5 & 6 ^ 1 | 8": "13", "2147483648 | 0": "(-2147483648)",
		"B | B << 4": "51", "0xff & ~(1 << 3)": "247", "1_000 * 3": "3000", "((((5))))": "5",
		"9007199254740991 * 2": "", "1 / 2": "", "2 ** 3": "", "1 +": "", "B.length": "", "(1 +)": "", "": "4",
	} {
		text := "declare const enum E { B = 3, A = " + expression + " }"
		if expression == "" {
			text = "declare const enum E { B = 3, A }"
		}
		f := newFile("a.ts", []byte(text))
		if got := f.enumValues(f.scope.names["E"])["A"]; got != want {
			t.Errorf("%s is %q, want %q", expression, got, want)
		}
	}
}

// Deep nesting and a line that never ends are read in little time and memory.
func TestDeepSources(t *testing.T) {
	const n = 20_000
	for _, part := range []string{
		"(", "[", "{", "<", "keyof ", "new ", "typeof a", "() => ", "a extends ", "a<", "`${", "-", "~", "[/", "'", "a?", "namespace a {", "a.", "@a(", "|", "infer ",
	} {
		for _, before := range []string{"", "export type T = ", "enum E { A = ", "@d class A { @d x: ", "export declare const enum E { A = `"} {
			text := []byte(before + strings.Repeat(part, n/len(part)))
			use := []byte("import { T, E } from './other'\n@d class B { @d y: T; @d z = E.A }")
			p := NewProgram(one{text})
			check := inputtest.Bound(t)
			p.Metadata("a.ts", use, "m", Options{})
			p.Enums("a.ts", use)
			p.Metadata("b.ts", text, "m", Options{})
			p.Enums("b.ts", text)
			p.InOrder("b.ts", text, "p", true)
			check()
		}
	}
}
