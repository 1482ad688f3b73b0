package pass

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/mappings"
)

// pad is what makes a small table a large one.
var pad = `"` + strings.Repeat("x", fewestTableBytes) + `"`

// padded puts pad where a code says P.
func padded(code string) string { return strings.ReplaceAll(code, "P", pad) }

func TestJSONTables(t *testing.T) {
	for _, test := range []struct{ before, want string }{
		{`var a=[1,P];`, `var a=JSON.parse('[1,P]');`},
		{`var a={b:P,"c d":!0,2:!1,e:null};`, `var a=JSON.parse('{"b":P,"c d":true,"2":false,"e":null}');`},
		{`var a=[.5,1.,1.5e3,0x10,-1,-0,2e-7,P];`, `var a=JSON.parse('[0.5,1,1.5e3,16,-1,-0,2e-7,P]');`},
		{"var a=['it\\'s',`it's`,P];", "var a=JSON.parse(`[\"it's\",\"it's\",P]`);"},
		{"var a=[`a\nb`,P];b()", "var a=JSON.parse('[\"a\\\\nb\",P]'\n);b()"},
		{`var a={["__proto__"]:P};`, `var a=JSON.parse('{"__proto__":P}');`},
		{`var a=f({b:g(),c:[P]},P);`, `var a=f({b:g(),c:JSON.parse('[P]')},P);`},
		{`(function(){return[P]})();`, `(function(){return JSON.parse('[P]')})();`},
		{`(function(){b=[P]}).call(this);(()=>{c=[P]})();`, `(function(){b=JSON.parse('[P]')}).call(this);(()=>{c=JSON.parse('[P]')})();`},
		{helper + `var a=h((e,t)=>{t.exports={a:P}});`, helper + `var a=h((e,t)=>{t.exports=JSON.parse('{"a":P}')});`},
		{`var a=[P].length,b={i:typeof JSON=="object"?JSON:void 0,p:JSON.parse};`,
			`var a=JSON.parse('[P]').length,b={i:typeof JSON=="object"?JSON:void 0,p:JSON.parse};`},
		{`exports.parse=f;JSON.stringify(JSON.parse(x));var a=[P];`, `exports.parse=f;JSON.stringify(JSON.parse(x));var a=JSON.parse('[P]');`},
	} {
		if got := alone(t, analyzer.JSONTables, padded(test.before)); got != padded(test.want) {
			t.Errorf("%s\nbecame %s\nwant   %s", test.before, strings.ReplaceAll(got, pad, "P"), test.want)
		}
	}
	for _, same := range []string{
		`var a=[1,2,3];`,
		`function f(){return[P]}`,
		`var f=()=>[P];`,
		`f(function(){return[P]});`,
		`for(var i=0;i<9;i++)f([P]);`,
		`class C{static a=[P]}`,
		`var a=[b,P];`,
		`var a=[,P];`,
		`var a=[void 0,P];`,
		`var a=[1n,P];`,
		`var a=[010,P];`,
		`var a=[/x/,P];`,
		`var a=["\ud800",P];`,
		"var a=[`${b}`,P];",
		`var a={b,c:P};`,
		`var a={...b,c:P};`,
		`var a={get b(){return 1},c:P};`,
		`var a={[b]:P};`,
		`var a={__proto__:null,b:P};`,
		`var a={"__proto__":null,b:P};`,
		`var a={1e3:1,b:P};`,
		`new{b:P}.c;`,
		`var a=[P];JSON.parse=f;`,
		`var a=[P];JSON["parse"]=f;`,
		`var a=[P];delete JSON.parse;`,
		`var a=[P];globalThis.JSON=f;`,
		`var a=[P];Object.assign(JSON,{parse:f});`,
		`var a=[P];function g(JSON){}`,
		`var a=[P];function JSON(){}`,
		`var a=[P],JSON=f;`,
		`var a=[P];[JSON.parse]=f;`,
		`import{JSON}from"x";var a=[P];`,
	} {
		if got := alone(t, analyzer.JSONTables, padded(same)); got != padded(same) {
			t.Errorf("%s\nbecame %s", same, strings.ReplaceAll(got, pad, "P"))
		}
	}
}

// TestJSONTablesAreEqual runs tables before and after, in Node.
func TestJSONTablesAreEqual(t *testing.T) {
	var pairs [][2]string
	for _, table := range []string{
		`{b:1,a:2,1:3,0:4,b:5,"":6,constructor:7,toString:null}`,
		`{["__proto__"]:{a:1},b:["__proto__"]}`,
		`[0,-0,.1,1e21,1e-7,0x1fffffffffffff,0xffffffffffffffffffff,1e400,-1e400,5e-324,9007199254740993]`,
		`["\n\r\t\b\f\v\0","\x7f","\u2028\u2029","ä","\u00e4","\x41","😀","</script>","'","\"","\\","\\n"]`,
		"[`a\nb`,`\\``,`$`,`\\${x}`,'`${','`']",
		`[[],{},[[]],[{a:[{}]}],!0,!1,null]`,
		`{"-1":3,"a b":4,"ä":5,if:6}`,
	} {
		table = table[:1] + "P," + table[1:]
		if table[0] == '{' {
			table = "{p:" + table[1:]
		}
		before := padded(table)
		after := alone(t, analyzer.JSONTables, "x("+before+")")
		if !strings.HasPrefix(after, "x(JSON.parse(") {
			t.Errorf("not parsed as JSON: %s", table)
		}
		pairs = append(pairs, [2]string{before, after[1:]})
	}
	list, err := json.Marshal(pairs)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("node", "-e", fmt.Sprintf(`
		const shown = (x) => require("util").inspect(x, { depth: null, maxStringLength: null, showHidden: true })
		for (const [a, b] of %s) if (shown(eval("(" + a + ")")) !== shown(eval(b))) console.log(a.slice(-200), b.slice(-200))
	`, list)).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%v: different:\n%s", err, out)
	}
}

// TestMappingsOfTables leave out what leads into a table, and keep what is behind it.
func TestMappingsOfTables(t *testing.T) {
	code := padded("a();var b=[`x\ny\nz`,P],c=[1];d();\ne();")
	tree, err := js.Parse([]byte(code))
	if err != nil {
		t.Fatal(err)
	}
	var list strings.Builder
	column, last := 0, 0
	for _, c := range code { // a mapping for every letter outside of pad
		switch {
		case c == '\n':
			list.WriteByte(';')
			column, last = 0, 0
			continue
		case strings.ContainsRune("abcdeyz", c):
			if last > 0 || column > 0 {
				list.WriteByte(',')
			}
			list.Write(mappings.AppendVLQ(nil, column-last))
			list.WriteString("AAA")
			last = column
		}
		column++
	}
	r := Run(Code{Text: []byte(code), Tree: tree, ShortNames: false})
	if !strings.Contains(string(r.Code), "JSON.parse") {
		t.Fatal("no table was found")
	}
	var got string
	for _, token := range tokens(string(r.Code), string(r.Mappings([]byte(list.String())))) {
		got += token + " "
	}
	if want := "a ar b c d e "; got != want {
		t.Errorf("the mappings lead to %q, want %q", got, want)
	}
}
