package render

import (
	"cmp"
	"encoding/json"
	"io"

	"github.com/featherpack/featherpack/reporters"
)

// The parts of esbuild's metafile that its analysers read. Each function is an output,
// named after its zip, with the unzipped bytes of every input.
// Format: esbuild.github.io/api/#metafile
type (
	metafile struct {
		Inputs  map[string]metaInput  `json:"inputs"`
		Outputs map[string]metaOutput `json:"outputs"`
	}
	metaInput struct {
		Bytes   int64        `json:"bytes"`
		Imports []metaImport `json:"imports"`
		Format  string       `json:"format,omitempty"`
	}
	metaImport struct {
		Path     string `json:"path"`
		Kind     string `json:"kind"`
		Original string `json:"original,omitempty"`
	}
	metaOutput struct {
		Bytes      int64                `json:"bytes"`
		Inputs     map[string]metaShare `json:"inputs"`
		Imports    []metaImport         `json:"imports"`
		Exports    []string             `json:"exports"`
		EntryPoint string               `json:"entryPoint,omitempty"`
	}
	metaShare struct {
		BytesInOutput int64 `json:"bytesInOutput"`
	}
)

// importKinds turns our names of import kinds into esbuild's; all others are
// import statements.
var importKinds = map[string]string{
	"require": "require-call", "dynamic-import": "dynamic-import", "require-resolve": "require-resolve", "asset": "url-token",
}

// Metafile writes the report as an esbuild metafile, for tools that display those.
func Metafile(w io.Writer, r reporters.Report) error {
	m := metafile{Inputs: map[string]metaInput{}, Outputs: map[string]metaOutput{}}
	for _, in := range r.Inputs {
		one := metaInput{Bytes: in.Bytes, Imports: []metaImport{}}
		if in.Format == "esm" || in.Format == "cjs" {
			one.Format = in.Format
		}
		for _, im := range in.Imports {
			one.Imports = append(one.Imports, metaImport{r.Inputs[im.To].Path, cmp.Or(importKinds[im.Kind], "import-statement"), im.Specifier})
		}
		m.Inputs[in.Path] = one
	}
	for _, f := range r.Functions {
		if f.Artifact == nil {
			continue
		}
		one := metaOutput{Bytes: f.Artifact.UnzippedBytes, Inputs: map[string]metaShare{}, Imports: []metaImport{}, Exports: []string{}}
		for _, s := range f.Inputs {
			one.Inputs[r.Inputs[s.Input].Path] = metaShare{s.Unzipped}
		}
		if f.EntryInput >= 0 {
			one.EntryPoint = r.Inputs[f.EntryInput].Path
		}
		m.Outputs[f.ID+".zip"] = one
	}
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = w.Write(reporters.InLines(data))
	return err
}
