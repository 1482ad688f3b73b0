package graphtest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A scope is what a place of a module can read.
type scope struct {
	*generator
	module  *module
	visible []export // expressions and their probes
	inside  bool     // in a function that runs after all modules
}

// see makes an expression visible. A declaration of the same name replaces it.
func (s *scope) see(expression, probe string) {
	s.visible = append(s.visible, export{name: expression, probe: probe})
}

// expression returns one that can be printed, and that reads no name of hidden.
func (s *scope) expression(hidden ...string) string {
	var all []export
	for _, v := range s.visible {
		if !slices.ContainsFunc(hidden, func(name string) bool { return words.MatchString(name) && reads(v.name+v.probe, name) }) {
			all = append(all, v)
		}
	}
	if len(all) == 0 || s.chance(10) {
		return fmt.Sprint(s.IntN(100))
	}
	v := pick(s.generator, all)
	return v.of(v.name)
}

var words = regexp.MustCompile(`^\w+$`)

func reads(text, name string) bool {
	return regexp.MustCompile(`(^|[^\w.])` + name + `($|\W)`).MatchString(text)
}

// use prints something visible by one of several ways to get at it.
func (s *scope) use() string {
	if len(s.visible) == 0 {
		return "log('nothing')"
	}
	v := pick(s.generator, s.visible)
	name := v.name
	if !words.MatchString(name) {
		name = ""
	}
	switch n := s.IntN(8); {
	case n == 0 && name != "":
		return fmt.Sprintf("{ const o_ = { %s }; log(%s) }", name, v.of("o_."+name))
	case n == 1 && name != "":
		return fmt.Sprintf("log(((%s) => %s)('shadow'), %s)", name, name, v.of(name))
	case n == 2:
		return fmt.Sprintf(";((q_ = %s) => log(%s))()", v.name, v.of("q_"))
	case n == 3:
		return fmt.Sprintf("for (const q_ of [%s]) log(%s)", v.name, v.of("q_"))
	case n == 4 && name != "":
		return fmt.Sprintf("{ const f_ = () => { { let %s = 1; log(%s) } return %s }; log(%s) }", name, name, name, v.of("f_()"))
	case n == 5:
		return fmt.Sprintf("{ const [q_, { r: r_ = %s }] = [1, {}]; log(q_, %s) }", v.name, v.of("r_"))
	}
	return "log(" + v.of(v.name) + ")"
}

// locals are names that statements declare. They are few, and some are names that
// minifiers choose.
var locals = []string{"a", "b", "c", "d", "e", "i", "n", "o", "r", "t", "x", "value", "self", "_", "$", "a1", "t2", "make3", "Kind1", "b4"}

var (
	placeholder = regexp.MustCompile(`\$[a-cNKUBX]\b`)
	declaresVar = regexp.MustCompile(`\b(var|function [$\w]+\()|^function`)
)

// statement adds a statement to the module's body.
func (s *scope) statement(depth int) {
	if s.chance(35) {
		s.module.body = append(s.module.body, s.use())
		return
	}
	s.module.body = append(s.module.body, s.nested(depth))
}

// nested returns a statement that may hold others.
func (s *scope) nested(depth int) string {
	if depth == 0 || s.chance(20) {
		return s.use()
	}
	list := statements
	if !s.module.strict && s.chance(40) {
		list = sloppy
	}
	if s.chance(10) && !s.module.strict && s.sloppy {
		list = common
	}
	if s.chance(3) {
		list = dynamic
	}
	t := pick(s.generator, list)
	names := map[string]string{}
	var own []string
	for _, p := range []string{"$a", "$b", "$c"} {
		if strings.Contains(t, p) {
			name := pick(s.generator, locals)
			for slices.Contains(own, name) {
				name = pick(s.generator, locals)
			}
			names[p] = name
			own = append(own, name)
		}
	}
	function := pick(s.generator, locals)
	for slices.Contains(own, function) {
		function = pick(s.generator, locals)
	}
	own = append(own, function)
	key := pick(s.generator, []string{"'key'", "'a'", "'__proto__'", "'constructor'", "'two words'", "0", "'1e3'", "'get'", "'name'", "`t`"})
	text := placeholder.ReplaceAllStringFunc(t, func(p string) string {
		switch p {
		case "$N":
			return fmt.Sprint(s.IntN(10))
		case "$K":
			return key
		case "$U":
			return s.expression(own...)
		case "$X": // anything that is not a name of the statement
			return fmt.Sprintf("'x%d'", s.IntN(10))
		case "$B":
			inner := &scope{generator: s.generator, module: s.module, inside: s.inside}
			for _, v := range s.visible {
				if !slices.ContainsFunc(own, func(name string) bool { return reads(v.name+v.probe, name) }) {
					inner.see(v.name, v.probe)
				}
			}
			for _, name := range own[:len(own)-1] {
				inner.see("typeof "+name, "%s")
			}
			return inner.nested(depth-1) + "; " + inner.nested(depth-1)
		}
		return names[p]
	})
	switch n := s.IntN(4); {
	case n == 0:
		return ";(function () { " + text + " })()"
	case n == 1:
		return ";(() => { " + text + " })()"
	case n == 2:
		return fmt.Sprintf(";(function %s() { %s })()", function, text)
	case declaresVar.MatchString(text):
		return fmt.Sprintf(";(function (%s) { %s })(1)", pick(s.generator, []string{"p", "q9", "z_"}), text)
	}
	return "{ " + text + " };"
}

// statements print what they do. $a to $c are names, $N a number, $K a constant key,
// $U an expression, $B statements, and $X another value.
var statements = []string{
	`let $a = $N; const $b = () => $a++; $b(); log($a, $b(), $U); $B`,
	`$a: for (let $b = 0; $b < 3; $b++) { for (var $c of [1, 2]) { if ($b === 1) continue $a; if ($c > 1) break $a; log($b, $c, $U) } }`,
	`try { throw $N } catch ($a) { var $a = 'caught'; log($a) } log($a)`,
	`try { throw { $a: 1, m: [2] } } catch ({ $a, m: [$b = 3, $c = $N] }) { log($a, $b, $c); $B }`,
	`const $a = (($b = $N, $c = () => $b) => { var $b = $X; return [$b, $c()].join() }); log($a(), $a(5))`,
	`const $a = ($b = $c, d9 = 1) => $b + d9; var $c = $N; log($a(2), $a())`,
	`const $a = $K; const $b = { [$a]: $N, other: 2 }; log(Object.keys($b).join(), $b[$a], Object.getPrototypeOf($b) === Object.prototype)`,
	`const $a = $K; class $b { [$a]() { return 1 } static [$a + '_'] = $N; own = $X } log(Object.getOwnPropertyNames($b.prototype).join(), new $b().own)`,
	`const $a = $K; class $b { [$a] = 1; get [$a + 'x']() { return $N } } log(JSON.stringify(new $b()), new $b()[$a + 'x'])`,
	`const $a = $K, { [$a]: $b = $X, ...$c } = { [$a]: $N, k: 1 }; log($b, Object.keys($c).join())`,
	`const $a = []; const $b = (v) => ($a.push(v), v); const $c = { [$b('x')]: $b(1), [$b('y')]: $b(2), ['z']: $b(3) }; log($a.join(), Object.keys($c).join())`,
	`const $a = $K; const $b = { [$a]: 1, get [$a]() { return 'getter' } }; log($b[$a])`,
	`const $a = '__proto__'; const $b = { [$a]: { hidden: 1 } }; log($b.hidden, Object.keys($b).join())`,
	`const $a = { __proto__: { inherited: $N } }; log($a.inherited, Object.keys($a).length)`,
	`const $a = { '__proto__': { inherited: $N }, ['__proto__']: 2 }; log($a.inherited, Object.keys($a).join())`,
	`class $a { #p = $N; static made = 0; constructor($b) { $a.made++; this.v = $b } get p() { return this.#p } static { this.s = $X } has(o) { return #p in o } }
	   log(new $a(1).p, $a.made, $a.s, new $a(2).has({}))`,
	`const $a = class $b { static self() { return $b === $a } }; log($a.self(), typeof $b)`,
	`class $a { m() { return 'base' } } class $b extends $a { m() { return super.m() + $N } f = () => super.m() } log(new $b().m(), new $b().f()); $B`,
	`const $a = function $b(n) { return n ? $b(n - 1) + 1 : typeof $b }; log($a(2))`,
	`const $a = function $b() { var $b = $N; return $b }; log($a())`,
	`const $a = function $b($b) { return $b }; log($a($N))`,
	`function* $a($b) { const $c = yield $b; yield $c + $N } const g9 = $a(1); log(g9.next().value, g9.next(2).value, g9.next().done)`,
	`switch ($N) { case 1: let $a = 'one'; log($a); break; default: log($X, $U) }`,
	`const $a = []; for (let $b = 0, $c = 2; $b < $c; $b++) $a.push(() => $b + $c); log($a.map(f => f()).join())`,
	`for (var $a in { k: 1 }) { const $b = $a + $N; log($b) } log($a)`,
	`for (const [$a, $b] of Object.entries({ p: 1, q: $N })) { log($a, $b); $B }`,
	`let $a, $b, $c; ({ $a, b: $b = $N, ...$c } = { $a: 1, z: 2 }); [$a, $b] = [$b, $a]; log($a, $b, Object.keys($c).join())`,
	`let $a = { $b: 1 }; const { $b: $c } = $a; { let $b = $c; log({ $b }.$b, $a.$b) }`,
	`const { $a: { $b = $N } = {}, length: $c } = []; log($b, $c)`,
	`log(typeof $a, typeof window, typeof absent9); var $a`,
	`log($a(), typeof $b); function $a() { return $N } var $b = 1; $B`,
	`var $a; (function ($a) { $a[$a["X"] = 0] = "X"; $a[$a["Y"] = $N] = "Y"; })($a || ($a = {})); log($a.X, $a[0], $a[$a.Y])`,
	`const $a = { m($b) { return $b + this.n }, n: $N, get g() { log('got'); return 1 }, async as() {}, *ge() {} }; log($a.m(1), $a.g); $B`,
	`const $a = (...$b) => $b.length + $b[0]; log($a(...[$N, 2]), $a.length)`,
	`const $a = new Map([['k', $N]]); for (const [$b, $c] of $a) log($b, $c ?? $X)`,
	"const $a = (s, ...$b) => s.raw.join('|') + $b; log($a`x${$N}y${$U}z`)",
	`if ($N > 4) { let $a = 1; log($a) } else { var $b = $X; log($b) } $B`,
	`const $a = 'constant', $b = $N; log($a + $b, $a.length, { $a }.$a, [$a, $b].join())`,
	`let $a = 'first'; const $b = () => $a; $a = 'second'; log($b(), $a); $B`,
	`const $a = $b(); var $c = 'value'; function $b() { return $c } log($a, $b())`,
	`do { var $a = ($a || 0) + 1; let $b = $a; if ($b > 2) break } while (true); log($a)`,
	`const $a = new Proxy({}, { has: (_, $b) => (log('has', $b), true) }); log('k' in $a)`,
	`try { log($U); try { throw new RangeError('r') } finally { log('finally') } } catch { log('caught'); $B }`,
	`const $a = async ($b) => { for await (const $c of [$b]) return $c }; log($a(1) instanceof Promise); $B`,
	`;((($a, $b) => { $B })($N, ($c) => $c))`,
	`const $a = Symbol('s'); const $b = { [$a]: $N, [Symbol.iterator]: function* () { yield* [1, 2] } }; log($b[$a], [...$b].join())`,
	`class $a { static [$K] = 1; static m() { return Object.keys(this).join() } } log($a.m())`,
	`const $a = { if: 1, class: 2, new: $N }; const { if: $b, class: $c } = $a; log($b, $c, $a.new)`,
	`let $a = 0; const $b = { get k() { return $a++ } }; $b.k; void $b.k; log($a)`,
	`const $a = 3; { const $a = 4; { const $a = 5; log($a) } log($a) } log($a)`,
	`const $a = [1, , 3]; const [$b = 'hole', , $c] = $a; log($b, $c, 1 in $a)`,
	`const $a = process.browser ? $X : 'node', $b = typeof window === 'undefined' ? 'server' : 'page'; log($a, $b, process.platform === 'linux')`,
	`const $a = (window) => typeof window === 'number' ? window : 'none'; const $b = { window: 1, document: $X }; log($a($N), typeof document, $b.window)`,
	`log(typeof self === 'undefined' ? $X : 'page', typeof globalThis, typeof Buffer, process.platform !== 'win32', 'darwin' == process.platform)`,
}

// sloppy are statements outside strict mode. A function in a case of a switch is not
// among them: esbuild makes a variable of it, which has no value in the other cases.
var sloppy = []string{
	`{ function $a() { return $N } } log(typeof $a, $a())`,
	`log(typeof $a); if ($N > 4) { function $a() {} } log(typeof $a)`,
	`$a9 = $N; log($a9, delete globalThis.$a9)`,
	`log((function () { return this === globalThis })())`,
	`var $a = 010; log($a, typeof $b); try { var $b = 1 } catch ($b) {}`,
	`for (var $a = 0, $b = []; $a < 2; $a++) { $b.push(function () { return $a }) } log($b[0]()); $B`,
	`;(function $a() { $a = 1; log(typeof $a, typeof ($a += 1)) })()`,
	`let $a = 'outer'; { $B; { function $b() { return $a } } log($b()) }`,
}

// common are statements that strict mode refuses, or where it means something else, and
// that nothing translates: they are in bundles that are not in strict mode only.
var common = []string{
	`const $a = (0, function () { return typeof this })(); log($a)`,
	`(function ($a) { eval('var $b = $a'); log($b, $a) })($N)`,
	`(function ($a, $a) { log($a) })(1, $N)`,
	`log((function () { return typeof arguments.callee })())`,
	`with ({ $a: $N }) { var $b = typeof $a; log($b) }`,
	`var $a = { $b: 1 }; with ($a) { $b = $N } log($a.$b)`,
	`(function ($a, $b) { $a = 'set'; log(arguments[0], $b, arguments.length) })(1, 2)`,
	`(function ($a) { arguments[0] = 'set'; log($a) })($N)`,
}

// dynamic are statements whose names cannot be changed.
var dynamic = []string{
	`globalThis.window = $N; try { log(typeof window, typeof document) } finally { delete globalThis.window }`,
	`const $a = ['navigator', 'document']; for (const $b of $a) globalThis[$b] ??= $N; log(typeof document); delete globalThis.document`,
	`process.browser = $N; log(process.browser ? 'page' : 'node'); delete process.browser`,
	`const $a = $N; log(eval('$a + 1'))`,
	`const $a = $N; log((() => eval('typeof $a'))()); $B`,
	`log(new Function('$a', 'return $a + typeof log')(1))`,
	`globalThis.$a = 'global'; try { log((() => $a)()) } finally { delete globalThis.$a }`,
}

// A value is a declaration of a name, and how the name's value is printed.
type value struct {
	text, probe string
	early       bool
	live        bool   // the name is assigned again
	setter      string // a function that assigns it
}

// value declares a name.
func (s *scope) value(name string) value {
	switch s.IntN(14) {
	case 0:
		setter := "set_" + name
		v := value{text: fmt.Sprintf("let %s = %d; function %s() { return ++%s }", name, s.IntN(9), setter, name), probe: "%s", live: true, setter: setter}
		s.see(setter, "%s()")
		return v
	case 1:
		if !s.pure {
			return value{text: fmt.Sprintf("const %s = (log('makes %s'), { k: %d, m() { return this.k } })", name, name, s.IntN(9)), probe: "%s.m()"}
		}
	case 2:
		return value{text: fmt.Sprintf("function %s(a) { return a + String(%s) }", name, s.expression("a", name)), probe: "%s('p')", early: true}
	case 3:
		return value{text: fmt.Sprintf("const %s = () => { return %s }", name, s.expression(name)), probe: "%s()"}
	case 4:
		k := s.module.fresh(s.generator)
		s.module.body = append(s.module.body, fmt.Sprintf("const %s = '%s'", k, pick(s.generator, []string{"key", "__proto__", "a b", "n"})))
		s.see(k, "%s")
		return value{text: fmt.Sprintf("const %s = { [%s]: 1, [%s + 2]: %s }", name, k, k, s.expression(name)), probe: "Object.entries(%s).join()"}
	case 5: // keys that are symbols, here and in other modules
		k := s.module.fresh(s.generator)
		s.module.body = append(s.module.body, fmt.Sprintf("const %s = Symbol%s('%s')", k, pick(s.generator, []string{"", ".for"}), k))
		s.see(k, "String(%s)")
		text := pick(s.generator, []string{
			"const %[1]s = { [%[2]s]: [%[3]d, [%[2]s]], get [Symbol.toStringTag]() { return 'tag' }, m() { return this[%[2]s].length } }",
			"class %[1]s { static [%[2]s] = %[3]d; [%[2]s] = new %[1]s.Of(); static Of = class { n = %[3]d }; static m() { return new this()[%[2]s].n + this.name.length * 0 } }",
			"class %[1]s extends Error { static [%[2]s]() { return new this('e').message } static m() { return this[%[2]s]() } }",
		})
		return value{text: fmt.Sprintf(text, name, k, s.IntN(9)), probe: "%s.m()"}
	case 7: // what is assigned to properties of a function or an object
		texts := []string{
			"function %[1]s() { return new.target ? this.m() : %[1]s.extra } %[1]s.prototype.m = function () { return %[2]s }; %[1]s.extra = %[3]d",
			"class %[1]s_ { m() { return %[2]s } } function %[1]s() { return new %[1]s_().m() } %[1]s.prototype = %[1]s_.prototype; %[1]s.extra = () => %[3]d",
			"const %[1]s = () => %[1]s.extra; %[1]s.extra = %[3]d; %[1]s.other = { k: () => %[2]s }",
		}
		if !s.pure {
			texts = append(texts,
				"const %[1]s = { __proto__: { set extra(v) { log('set', v) } } }; %[1]s.extra = %[3]d",
				"class %[1]s { static set extra(v) { log('set', v) } static m() { return %[2]s } } %[1]s.extra = %[3]d",
				"const %[1]s = { set extra(v) { log('set', v) } }; %[1]s.extra = %[3]d, %[1]s.m = () => %[2]s",
			)
		}
		text := pick(s.generator, texts)
		return value{text: fmt.Sprintf(text, name, s.expression(name), s.IntN(9)), probe: "typeof %s"}
	case 8: // objects of functions that are read by name
		text := pick(s.generator, []string{
			"function %[1]s_a() { return %[2]s } const %[1]s = { a: %[1]s_a, b: () => %[3]d, c: () => %[1]s.b() + %[3]d }",
			"const %[1]s = { a() { return this.b() }, b() { return %[3]d }, c: () => %[2]s }",
			"const %[1]s = { a: function () { 'use strict'; return typeof this }, b: %[3]d, 'c-d': [%[2]s] }",
			"function %[1]s_a() { return this?.b } const %[1]s = { a: %[1]s_a, b: %[3]d, c: 2 }",
		})
		probe := pick(s.generator, []string{"%s.a()", "%s.a()", "(%s.b, %s.a)()", "%s['a']()", "Object.keys(%s).join()"})
		return value{text: fmt.Sprintf(text, name, s.expression(name), s.IntN(9)), probe: probe}
	case 6: // keys that may be anything
		k := s.expression(name)
		return value{text: fmt.Sprintf("const %s = { [%s]: 1, m: () => %d }", name, k, s.IntN(9)), probe: "%s.m()"}
	}
	return s.plain(name)
}

// plain declares a name whose value reads no other.
func (s *scope) plain(name string) value {
	n := s.IntN(10)
	switch s.IntN(9) {
	case 0:
		return value{text: fmt.Sprintf("const %s = %d", name, n), probe: "%s"}
	case 1:
		return value{text: fmt.Sprintf("var %s = 'text %d'", name, n), probe: "%s + (%s).length"}
	case 2:
		return value{text: fmt.Sprintf("class %s { constructor(a) { this.a = a } get() { return this.a + %d } static of() { return new this(1) } }", name, n),
			probe: "new (%s)(3).get()"}
	case 3:
		return value{text: fmt.Sprintf("var %s; (function (%s) { %s[%s[\"A\"] = %d] = \"A\"; %s[\"B\"] = \"b\"; })(%s || (%s = {}));",
			name, name, name, name, n, name, name, name), probe: "%s.A + %s.B"}
	case 4:
		return value{text: fmt.Sprintf("function %s(a, b = %d) { return [a, b, arguments.length].join('-') }", name, n), probe: "%s(1)", early: true}
	case 5:
		return value{text: fmt.Sprintf("const %s = { get k() { return %d }, 'x-y': [1], nested: { deep: '%d' } }", name, n, n), probe: "%s.k + %s.nested.deep"}
	case 6:
		return value{text: fmt.Sprintf("const %s = /* @__PURE__ */ ((a) => ({ v: a }))(%d)", name, n), probe: "%s.v"}
	case 7:
		return value{text: fmt.Sprintf("const %s = class { static s = %d; m() { return 'm' } }", name, n), probe: "%s.s + new (%s)().m()"}
	}
	values := []string{"true", "null", "undefined", "-0", "1e21", "0.1", "'\\u2028'", "`t`", "10n", "/r/g.source", "void 0", "NaN"}
	return value{text: fmt.Sprintf("const %s = %s", name, pick(s.generator, values)), probe: "String(%s)"}
}
