package sourcemap

import (
	"testing"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/mappings"
)

func TestCut(t *testing.T) {
	made := api.Transform("let mappings = 1; console.log(mappings)", api.TransformOptions{
		Sourcemap: api.SourceMapExternal, Sourcefile: `a"mappings": "b.js`, MinifyIdentifiers: true, SourcesContent: api.SourcesContentExclude,
	})
	before, cut, after, found := mappings.Cut(made.Map)
	if !found || string(before)+string(cut)+string(after) != string(made.Map) || len(cut) == 0 {
		t.Fatalf("%s\nbecame %q, %q, %q", made.Map, before, cut, after)
	}
	if before[len(before)-1] != '"' || after[0] != '"' {
		t.Errorf("the mappings %q are not a whole string", cut)
	}
	for _, other := range []string{"", "{}", `{"mappings":"AAAA"}`, "\n  \"mappings\": \"AAAA"} {
		if _, _, _, found := mappings.Cut([]byte(other)); found {
			t.Errorf("%q is taken for a map of esbuild", other)
		}
	}
}
