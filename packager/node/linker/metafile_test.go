package linker

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// plainMetafile is a metafile as package json reads it, which has no order of inputs.
type (
	plainMetafile struct {
		Inputs  map[string]plainInput  `json:"inputs"`
		Outputs map[string]plainOutput `json:"outputs"`
	}
	plainInput struct {
		Bytes   int64         `json:"bytes"`
		Format  string        `json:"format"`
		Imports []plainImport `json:"imports"`
	}
	plainImport struct {
		Path     string `json:"path"`
		Kind     string `json:"kind"`
		Original string `json:"original"`
		External bool   `json:"external"`
	}
	plainOutput struct {
		EntryPoint string                `json:"entryPoint"`
		Exports    []string              `json:"exports"`
		Inputs     map[string]plainShare `json:"inputs"`
	}
	plainShare struct {
		BytesInOutput int64 `json:"bytesInOutput"`
	}
)

// asPlain is what was read, as package json would have.
func asPlain(t *testing.T, m metafile) (p plainMetafile) {
	t.Helper()
	for _, o := range m.Outputs {
		if len(o.Order) < len(o.Inputs) {
			t.Errorf("%d inputs in order, of %d", len(o.Order), len(o.Inputs))
		}
	}
	text, err := json.Marshal(m)
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// fill makes lists and maps that are nil empty.
func (p *plainMetafile) fill() {
	inputs, outputs := map[string]plainInput{}, map[string]plainOutput{}
	for name, in := range p.Inputs {
		in.Imports = append([]plainImport{}, in.Imports...)
		inputs[name] = in
	}
	for name, out := range p.Outputs {
		out.Exports = append([]string{}, out.Exports...)
		if out.Inputs == nil {
			out.Inputs = map[string]plainShare{}
		}
		outputs[name] = out
	}
	p.Inputs, p.Outputs = inputs, outputs
}

func TestMetafile(t *testing.T) {
	built := api.Build(api.BuildOptions{
		Stdin:  &api.StdinOptions{Contents: `import fs from 'fs'; import './b.js?\u00e9"\\'; import('./c.js'); export const x = fs`, ResolveDir: "/", Sourcefile: "a\u00df \"x\".js"},
		Bundle: true, Platform: api.PlatformNode, Format: api.FormatESModule, Metafile: true, Write: false, Outdir: "/out",
		Plugins: []api.Plugin{{Name: "files", Setup: func(build api.PluginBuild) {
			build.OnResolve(api.OnResolveOptions{Filter: `^\./`}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
				return api.OnResolveResult{Path: args.Path, Namespace: "files"}, nil
			})
			build.OnLoad(api.OnLoadOptions{Filter: ".", Namespace: "files"}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
				text := "console.log(1)"
				return api.OnLoadResult{Contents: &text}, nil
			})
		}}},
	})
	if len(built.Errors) > 0 {
		t.Fatal(built.Errors)
	}
	known := map[string]string{}
	for range 2 { // the second time, each text is known
		got, err := readMetafile(built.Metafile, known)
		if err != nil {
			t.Fatal(err)
		}
		var want plainMetafile
		if err := json.Unmarshal([]byte(built.Metafile), &want); err != nil {
			t.Fatal(err)
		}
		want.fill()
		is := asPlain(t, got)
		if is.fill(); len(want.Inputs) != 3 || !reflect.DeepEqual(is, want) {
			t.Errorf("%+v\nwant %+v\nof %s", got, want, built.Metafile)
		}
		out := got.Outputs[slices.Sorted(maps.Keys(got.Outputs))[0]]
		first := strings.Index(built.Metafile, "bytesInOutput")
		if len(out.Order) != 3 || !strings.HasSuffix(strings.TrimRight(built.Metafile[:first], " {\n\""), strings.Trim(quoted(t, out.Order[0].Input), "\"")+"\":") {
			t.Errorf("order: %v", out.Order)
		}
	}
	for _, text := range []string{"", "{", "[]", `{"inputs":{"a":{"bytes":1}}`, `{"inputs":{"a":{"bytes":"1"}}}`, `{"inputs":{"a":1}}`, `{"inputs":{}} x`, `{"inputs":{"a}}`, `{"inputs":{"\u12":{}}}`, `{inputs:{}}`, `{"inputs":{},}`, `{"outputs":{"a":{"exports":[1]}}}`, strings.Repeat(`{"a":`, 1e5)} {
		if got, err := readMetafile(text, known); err == nil {
			t.Errorf("%.50q: %+v", text, got)
		}
	}
}

func quoted(t *testing.T, s string) string {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func FuzzMetafile(f *testing.F) {
	f.Add([]byte(`{"inputs":{"a.js":{"bytes":12,"imports":[{"path":"b.js","kind":"require-call","original":"./b"},{"path":"fs","external":true}],"format":"cjs","x":[1,{"y":null}]}},"outputs":{"o.js":{"imports":[],"exports":["a"],"entryPoint":"a.js","inputs":{"a.js":{"bytesInOutput":3},"b.js":{"bytesInOutput":0}},"bytes":5}}}`))
	f.Add([]byte(`{"inputs":{"\u00e9\n\"":{"bytes":-1}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		known := map[string]string{}
		_, _ = readMetafile(string(text), known)
		var want plainMetafile
		if json.Unmarshal(text, &want) != nil {
			return
		}
		want.fill()
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := readMetafile(string(text), known)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		is := asPlain(t, got)
		if is.fill(); !reflect.DeepEqual(is, want) {
			t.Errorf("%+v, want %+v of %s", is, want, text)
		}
	})
}
