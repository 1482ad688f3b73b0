package compiled

import "testing"

// Calls of import() go through a variable of the same length, also in the text of a call
// of Function that means the same as a function where it stands. Other texts stay.
func TestBorrowImport(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{`import("a").then(x)`, `$mpora("a").then(x)`},
		{`$mpora; import("a")`, `$mpora; $mporb("a")`},
		{`const load = new Function("s", "return import(s)")`, `const load = (function(s){return $mpora(s)      })`},
		{`const load = Function('s', 'return import(s)')`, `const load = (function(s){return $mpora(s)  })`},
		{`Function("return p => import(p)")()("a")`, `(()=>{return p => $mpora(p)    })()("a")`},
		{`new Function("a","b","return import(a).then(m=>m.default(b))")`, `(function(a,b){return $mpora(a).then(m=>m.default(b))       })`},
		{`f(new Function("s", "return import(s)"), "import(s)")`, `f((function(s){return $mpora(s)      }), "import(s)")`},

		// What is not sure to mean the same, or does not fit.
		{`const load = Function("return p => import(p)")`, ``},
		{`const s = 1; new Function("return import(s)")`, ``},
		{`new Function("s", "return import(t)")`, ``},
		{`new Function("s", "return import(s.t + this.u)")`, ``},
		{`new Function("s", "return import(arguments[0])")`, ``},
		{`new Function("s", "var t = s; return import(t)")`, ``},
		{`new Function("s", "t = s; return import(t)")`, ``},
		{`new Function("s", "s", "return import(s)")`, ``},
		{`new Function("let", "return import(let)")`, ``},
		{`new Function("s,t", "return import(s)")`, ``},
		{`new Function("s = 1", "return import(s)")`, ``},
		{`new Function("s", "return import(s) // all")`, ``},
		{`new Function("s", "return import(s)}), (function(){")`, ``},
		{`new Function("s", "return import(s); function t() {}")`, ``},
		{`new Function("s", "return \x69mport(s)"); "import("`, ``},
		{"new Function('s', `return import(s)`)", ``},
		{`new Function(s, "return import(s)")`, ``},
		{`new Function(...["s", "return import(s)"])`, ``},
		{`Function?.("s", "return import(s)")`, ``},
		{`(Function) => new Function("s", "return import(s)")`, ``},
		{`new globalThis.Function("s", "return import(s)")`, ``},
		{`eval("import(s)")`, ``},
	} {
		if c.want == "" {
			c.want = c.code
		}
		got, name, reason := borrowImport([]byte(c.code))
		if string(got) != c.want || len(got) != len(c.code) || (name == "") != (c.want == c.code) || reason != "" {
			t.Errorf("%s\ngot  %s %q %q\nwant %s", c.code, got, name, reason, c.want)
		}
	}
}
