package sourcemap

import (
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

func TestCut(t *testing.T) {
	made := api.Transform("let mappings = 1; console.log(mappings)", api.TransformOptions{
		Sourcemap: api.SourceMapExternal, Sourcefile: `a"mappings": "b.js`, MinifyIdentifiers: true, SourcesContent: api.SourcesContentExclude,
	})
	before, mappings, after, found := cut(made.Map)
	if !found || string(before)+string(mappings)+string(after) != string(made.Map) || len(mappings) == 0 {
		t.Fatalf("%s\nbecame %q, %q, %q", made.Map, before, mappings, after)
	}
	if before[len(before)-1] != '"' || after[0] != '"' {
		t.Errorf("the mappings %q are not a whole string", mappings)
	}
	for _, other := range []string{"", "{}", `{"mappings":"AAAA"}`, "\n  \"mappings\": \"AAAA"} {
		if _, _, _, found := cut([]byte(other)); found {
			t.Errorf("%q is taken for a map of esbuild", other)
		}
	}
}
