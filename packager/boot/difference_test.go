package boot

import (
	"slices"
	"strings"
	"testing"
)

func TestDifferences(t *testing.T) {
	for _, c := range []struct{ name, a, b, want string }{
		{"the same", `{"a":[1,{"b":null}]}`, `{"a":[1,{"b":null}]}`, ""},
		{"order and space", `{"a":1,"b":2}`, `{ "b": 2, "a": 1.0 }`, ""},
		{"a value", `{"a":{"b":1}}`, `{"a":{"b":2}}`, "$.a.b"},
		{"another type", `{"a":"1"}`, `{"a":1}`, "$.a"},
		{"one more", `{"a":1}`, `{"a":1,"b":2}`, "$.b"},
		{"one less", `{"a":1,"c-d":2}`, `{"a":1}`, "$.c-d"},
		{"a key that needs quotes", `{"a b":1}`, `{"a b":2}`, `$["a b"]`},
		{"an item", `[1,2,3]`, `[1,0,3]`, "$[1]"},
		{"length", `[1,2]`, `[1]`, "$.length"},
		{"null is no object", `{"a":null}`, `{"a":{}}`, "$.a"},
		{"a body", `{"body":"{\"x\":1,\"y\":1}"}`, `{"body":"{\"x\":1,\"y\":2}"}`, "$.body.y"},
		{"a body's text", `{"body":"{\"x\":1}"}`, `{"body":"{ \"x\":1}"}`, "$.body"},
		{"large numbers", `9007199254740992`, `9007199254740993`, ""}, // a JavaScript number has no more digits
		{"an answer and none", `{}`, ``, "$"},
	} {
		if got := strings.Join(Differences([]byte(c.a), []byte(c.b)), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestWithout(t *testing.T) {
	left := without([]string{"$.a", "$.a.b", "$.ab", "$.c[0]", "$.d"}, []string{"$.a", "$.c"})
	if !slices.Equal(left, []string{"$.ab", "$.d"}) {
		t.Error(left)
	}
}
