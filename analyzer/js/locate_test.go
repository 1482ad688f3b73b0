package js

import "testing"

// A call is found again in the text that was written, with its whole first argument:
// quotes, types, comments and decorators differ in the text that is parsed.
func TestLocateCall(t *testing.T) {
	for _, c := range []struct{ name, source, call, argument string }{
		{"a.ts", `exports.f = (n: string) => require('./p/' + n)`, `require('./p/' + n)`, `'./p/' + n`},
		{"a.ts", "export const f = async (n: string) => (await import(`./p/${n}.js`)).default", "import(`./p/${n}.js`)", "`./p/${n}.js`"},
		{"a.ts", `const f = (n: unknown) => require('./p/' + n as string)`, `require('./p/' + n as string)`, `'./p/' + n as string`},
		{"a.ts", `f = n => require(('./p/' + n) satisfies string)`, `require(('./p/' + n) satisfies string)`, `('./p/' + n) satisfies string`},
		{"a.ts", `f = n => require(<string>('./p/' + n))`, `require(<string>('./p/' + n))`, `<string>('./p/' + n)`},
		{"a.ts", `f = n => require(pick<A, B>('./p/' + n))`, `require(pick<A, B>('./p/' + n))`, `pick<A, B>('./p/' + n)`},
		{"a.ts", `f = n => import(pick<A, B>('./p/' + n), { with: { type: 'json' } })`,
			`import(pick<A, B>('./p/' + n), { with: { type: 'json' } })`, `pick<A, B>('./p/' + n)`},
		{"a.ts", `f = n => require<A>('./p/' + n)!.x`, `require<A>('./p/' + n)`, `'./p/' + n`},
		{"a.ts", `f = n => (require as any)('./p/' + n)`, `(require as any)('./p/' + n)`, `'./p/' + n`},
		{"a.ts", `f = n => require('./p/' /* ), ' */ + n // ) it's` + "\n)", `require('./p/' /* ), ' */ + n // ) it's` + "\n)", `'./p/' /* ), ' */ + n // ) it's` + "\n"},
		{"a.ts", `f = n => import(/* webpackChunkName: "p" */ './p/' + n)`, `import(/* webpackChunkName: "p" */ './p/' + n)`,
			`/* webpackChunkName: "p" */ './p/' + n`},
		{"a.ts", "f = n => require('./p/' + n,)", "require('./p/' + n,)", "'./p/' + n,"},
		{"a.ts", "f = n => require(\n  './p/'\n    + n,\n)", "require(\n  './p/'\n    + n,\n)", "\n  './p/'\n    + n,\n"},
		{"a.ts", "enum K { A = 'a' }\nf = () => require('./p/' + K.A + n)", "require('./p/' + K.A + n)", "'./p/' + K.A + n"},
		{"a.ts", "f = n => require(`./${'p'}/${n.map((x: string): string => `${x}`)}`)",
			"require(`./${'p'}/${n.map((x: string): string => `${x}`)}`)", "`./${'p'}/${n.map((x: string): string => `${x}`)}`"},
		{"a.ts", "f = n => require('./ü/' + n)", "require('./ü/' + n)", "'./ü/' + n"},
		{"a.ts", "@d('x') class A { @e() b!: string; @f c(@g n: string) { return require('./p/' + n) } }",
			"require('./p/' + n)", "'./p/' + n"},
		{"a.tsx", "f = n => <p title='it'>don't {require('./p/' + n).x}</p>", "require('./p/' + n)", "'./p/' + n"},
		{"a.jsx", "f = n => <A x={require('./p/' + n)}/>", "require('./p/' + n)", "'./p/' + n"},
		{"a.jsx", "f = n => import('./p/' + n)", "import('./p/' + n)", "'./p/' + n"},
		{"a.js", "f = n => require( './p/' + n )", "require( './p/' + n )", "'./p/' + n"},
	} {
		text, err := Read(File{Path: c.name, Source: []byte(c.source)})
		if err != nil {
			t.Errorf("%s: %v", c.source, err)
			continue
		}
		text.Bind()
		found := 0
		var visit func(n *Node)
		visit = func(n *Node) {
			if n.Kind == ImportCall || n.Kind == Call && n.X.IsGlobal("require") {
				found++
				call := Place{Start: int(n.Start), End: int(n.End)}
				argument := Place{Start: int(n.List[0].Start), End: int(n.List[0].End)}
				text.LocateCall(&call, &argument)
				gotCall, gotArgument := c.source[call.Start:call.End], c.source[argument.Start:argument.End]
				if gotCall != c.call || gotArgument != c.argument {
					t.Errorf("%s\ngot  %q of %q\nwant %q of %q", c.source, gotArgument, gotCall, c.argument, c.call)
				}
			}
			n.Each(visit)
		}
		visit(text.Top)
		if found != 1 {
			t.Errorf("%s: %d calls", c.source, found)
		}
	}
}
