package linker

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/packager/node/resolution"
)

// metafile is the part of esbuild's metafile that we read.
// Format: https://esbuild.github.io/api/#metafile
type metafile struct {
	Inputs  map[string]Input
	Outputs map[string]Output
}

// readMetafile reads a metafile. Package json took 2% of a build of 100 functions for it: each
// link of a few functions names all modules again. known are the texts of earlier ones, which
// are most often the same, and keep none of the metafile alive.
func readMetafile(text string, known map[string]string) (m metafile, err error) {
	m = metafile{Inputs: map[string]Input{}, Outputs: map[string]Output{}}
	r := metaReader{text: text, known: known}
	r.object(func(key string) {
		switch key {
		case "inputs":
			r.object(func(name string) { m.Inputs[name] = r.input() })
		case "outputs":
			r.object(func(name string) { m.Outputs[name] = r.output() })
		default:
			r.skip()
		}
	})
	if r.end(); r.wrong {
		return m, fmt.Errorf("esbuild's metafile is not as expected at byte %d", r.at)
	}
	return m, nil
}

func (r *metaReader) input() (in Input) {
	r.object(func(key string) {
		switch key {
		case "bytes":
			in.Bytes = r.number()
		case "format":
			in.Format = r.string()
		case "imports":
			r.array(func() { in.Imports = append(in.Imports, r.imported()) })
		default:
			r.skip()
		}
	})
	return in
}

func (r *metaReader) imported() (im resolution.Import) {
	r.object(func(key string) {
		switch key {
		case "path":
			im.Path = r.string()
		case "kind":
			im.Kind = r.string()
		case "original":
			im.Original = r.string()
		case "external":
			im.External = r.true()
		default:
			r.skip()
		}
	})
	return im
}

func (r *metaReader) output() (out Output) {
	r.object(func(key string) {
		switch key {
		case "entryPoint":
			out.EntryPoint = r.string()
		case "exports":
			r.array(func() { out.Exports = append(out.Exports, r.string()) })
		case "inputs":
			out.Inputs = map[string]Share{}
			r.object(func(name string) {
				in := Ordered{Input: name}
				r.object(func(key string) {
					if key == "bytesInOutput" {
						in.BytesInOutput = r.number()
					} else {
						r.skip()
					}
				})
				out.Order, out.Inputs[name] = append(out.Order, in), in.Share
			})
		default:
			r.skip()
		}
	})
	return out
}

// metaReader reads JSON. Once something is wrong, it reads nothing more.
type metaReader struct {
	text  string
	at    int
	deep  int
	wrong bool
	known map[string]string
}

// deepest is how deep objects and arrays may be in each other. Metafiles have five levels.
const deepest = 64

// next is the next byte that is no space, 0 at the end.
func (r *metaReader) next() byte {
	for !r.wrong && r.at < len(r.text) {
		switch c := r.text[r.at]; c {
		case ' ', '\n', '\t', '\r':
			r.at++
		default:
			return c
		}
	}
	return 0
}

// is takes a byte if it comes next.
func (r *metaReader) is(c byte) bool {
	if r.next() != c {
		return false
	}
	r.at++
	return true
}

func (r *metaReader) end() { r.wrong = r.wrong || r.next() != 0 }

// object calls member with each key of an object, to read the value.
func (r *metaReader) object(member func(key string)) {
	r.list('{', '}', func() {
		if r.next() != '"' {
			r.wrong = true
			return
		}
		key := r.string()
		r.wrong = r.wrong || !r.is(':')
		member(key)
	})
}

func (r *metaReader) array(element func()) { r.list('[', ']', element) }

func (r *metaReader) list(opens, closes byte, each func()) {
	if r.deep++; r.deep > deepest || !r.is(opens) {
		r.wrong = true
	}
	for first := true; !r.wrong && !(first && r.is(closes)); first = false {
		if each(); !r.wrong && !r.is(',') {
			r.wrong = !r.is(closes)
			break
		}
	}
	r.deep--
}

func (r *metaReader) string() string {
	if r.next() != '"' {
		r.wrong = true
		return ""
	}
	start, plain := r.at, true
	end := start + 1
	for ; end < len(r.text) && r.text[end] != '"'; end++ {
		if c := r.text[end]; c == '\\' {
			plain = false
			end++
		} else if c < ' ' || c > '~' {
			plain = false
		}
	}
	if end >= len(r.text) {
		r.wrong = true
		return ""
	}
	s := r.text[start+1 : end]
	if !plain && json.Unmarshal([]byte(r.text[start:end+1]), &s) != nil {
		r.wrong = true
		return ""
	}
	r.at = end + 1
	return r.keep(s)
}

// keep is a text that keeps nothing else alive.
func (r *metaReader) keep(s string) string {
	is, known := r.known[s]
	if !known {
		is = strings.Clone(s)
		r.known[is] = is
	}
	return is
}

func (r *metaReader) number() int64 {
	r.next()
	start := r.at
	for r.at < len(r.text) && (r.text[r.at] >= '0' && r.text[r.at] <= '9' || r.text[r.at] == '-') {
		r.at++
	}
	n, err := strconv.ParseInt(r.text[start:r.at], 10, 64)
	r.wrong = r.wrong || err != nil
	return n
}

func (r *metaReader) true() bool {
	r.next()
	for _, word := range []string{"true", "false"} {
		if strings.HasPrefix(r.text[r.at:], word) {
			r.at += len(word)
			return word == "true"
		}
	}
	r.wrong = true
	return false
}

// skip goes past a value that is not asked for.
func (r *metaReader) skip() {
	switch c := r.next(); {
	case c == '{':
		r.object(func(string) { r.skip() })
	case c == '[':
		r.array(r.skip)
	case c == '"':
		r.string()
	default:
		n := strings.IndexAny(r.text[r.at:], ",]} \n\t\r")
		r.wrong = r.wrong || n <= 0
		r.at += max(n, 0)
	}
}

// fold takes the modules of [SomeNames] out of the graph: their importers request what
// these hand on, and have their bytes. It returns the inputs as they were.
func (m *metafile) fold() (linked map[string]Input) {
	made := map[string]resolution.Import{}
	for name, input := range m.Inputs {
		if strings.HasPrefix(name, SomeNames+":") && len(input.Imports) == 1 {
			made[name] = input.Imports[0]
		}
	}
	if len(made) == 0 {
		return m.Inputs
	}
	linked = maps.Clone(m.Inputs)
	importer := map[string]string{}
	for name, input := range linked {
		own := false
		for i, im := range input.Imports {
			if to, is := made[im.Path]; is {
				if !own {
					input.Imports, own = slices.Clone(input.Imports), true
					m.Inputs[name] = input
				}
				importer[im.Path] = name
				to.Kind = im.Kind
				input.Imports[i] = to
			}
		}
	}
	for name := range made {
		delete(m.Inputs, name)
		for _, output := range m.Outputs {
			if share, is := output.Inputs[name]; is {
				delete(output.Inputs, name)
				own := output.Inputs[importer[name]]
				own.BytesInOutput += share.BytesInOutput
				output.Inputs[importer[name]] = own
			}
		}
	}
	return linked
}
