package typescript

import (
	"io/fs"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// one is a project of two modules that import each other.
type one struct{ text []byte }

func (o one) Types(specifier, _ string) string {
	if specifier == "./other" {
		return "other.ts"
	}
	return ""
}

func (o one) Read(file string) ([]byte, error) {
	if file != "other.ts" {
		return nil, fs.ErrNotExist
	}
	return o.text, nil
}

// Whatever two modules say, what is read of them are edits within the text.
func FuzzProgram(f *testing.F) {
	f.Add([]byte("import {T, E} from './other'\n@dec class A { @dec x: T | null; @dec m(a: E, b: (c: A[]) => void): Promise<T> {} }"),
		[]byte("export type T = U<number>; type U<V> = V extends string ? V : T; export enum E { a = 1, b = a << 2, c = 'd' }\nexport * from './other'"))
	f.Add([]byte("const enum E { a = (((1))), b = `${a}`, c = b.length }\nnamespace N { export declare const x: N.x }"), []byte("export {T as U, U as T} from './other'"))
	f.Add([]byte("import T = A.B.C; namespace A { export import B = A }"), []byte("declare module 'x' { export = T }"))
	f.Fuzz(func(t *testing.T, text, other []byte) {
		defer inputtest.Bound(t)()
		p := NewProgram(one{other})
		edits, _ := p.Metadata("a.ts", text, "__metadata", Options{StrictNullChecks: len(text)%2 == 0})
		enums, _ := p.Enums("a.ts", text)
		edits = append(append(edits, enums...), p.InOrder("a.ts", text, "p", true)...)
		for _, e := range edits {
			if e.Start < 0 || e.End < e.Start || e.End > len(text) {
				t.Errorf("%+v", e)
			}
		}
		ImportsNamesOnly(text, "./other")
	})
}
