package pass

import (
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/mappings"
)

// Every place has the source and the name of the last mapping that is not behind it.
func TestOriginsAreThoseOfTheMappings(t *testing.T) {
	modules := map[string]string{
		"entry": "import{first}from'one'\nimport{second}from'two'\nexport function longName(parameter){return first(parameter)+`é😀\n${second}`}",
		"one":   "export const first=argument=>'😀é'+argument;globalThis.x=`\n\n`+first.name",
		"two":   "export const second=`a\nb`,third=()=>second;console.log(third)",
	}
	for _, minify := range []bool{true, false} {
		built := api.Build(api.BuildOptions{
			Stdin: &api.StdinOptions{Contents: "export*from'entry'"}, Bundle: true, Sourcemap: api.SourceMapExternal, Outfile: "out.js",
			Charset: api.CharsetUTF8, MinifyWhitespace: minify, MinifyIdentifiers: minify, Format: api.FormatCommonJS,
			Plugins: []api.Plugin{{Name: "test", Setup: func(build api.PluginBuild) {
				build.OnResolve(api.OnResolveOptions{Filter: "^(entry|one|two)$"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
					return api.OnResolveResult{Path: args.Path, Namespace: "test"}, nil
				})
				build.OnLoad(api.OnLoadOptions{Filter: ".", Namespace: "test"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
					text := modules[args.Path]
					return api.OnLoadResult{Contents: &text}, nil
				})
			}}},
		})
		if len(built.Errors) > 0 {
			t.Fatal(built.Errors)
		}
		sourceMap, code := built.OutputFiles[0].Contents, built.OutputFiles[1].Contents
		o, err := NewOrigins(code, sourceMap)
		if err != nil {
			t.Fatal(err)
		}
		_, list, _, found := mappings.Cut(sourceMap)
		if !found {
			t.Fatal("there are no mappings")
		}
		seen := map[string]bool{}
		line, column := 0, 0
		for at, c := range string(code) {
			var last mappings.Mapping
			mappings.Each(string(list), func(m mappings.Mapping) {
				if m.Line < line || m.Line == line && m.Column <= column {
					last = m
				}
			})
			source, name := "", ""
			if last.Fields >= 4 {
				source = o.sources[last.Source]
			}
			got := o.Name(at) // reads the names
			if last.Fields == 5 && last.Line == line && last.Column == column {
				name = o.names[last.Name]
			}
			if got != name || o.Source(at) != source {
				t.Fatalf("minified %v: %d is %q of %q, want %q of %q", minify, at, got, o.Source(at), name, source)
			}
			seen[source], seen["name "+name] = true, true
			switch {
			case c == '\n':
				line, column = line+1, 0
			case c > 0xffff:
				column += 2
			default:
				column++
			}
		}
		if len(seen) < 6 || minify && !seen["name parameter"] {
			t.Errorf("minified %v: only %v", minify, seen)
		}
	}
	if _, err := NewOrigins([]byte("a;b"), []byte(`{"sources":["x"],"mappings":"EAAA,DCAA"}`)); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("mappings that go back: %v", err)
	}
}
