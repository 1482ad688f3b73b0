package linker

import (
	"bytes"
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// Injected starts the names of our own modules in a bundle.
const Injected = "featherpack:"

// SomeNames is the namespace of modules that only hand on some names of another, to one
// importer. They are no inputs: [metafile.fold] makes them a part of the importer.
const SomeNames = "featherpack-names"

// Linked is what esbuild made of one entry.
type Linked struct {
	Code, SourceMap []byte
	Output          Output
	// Reached are the inputs that the entry reaches, breadth first in the order
	// of the source, the entry first.
	Reached []string
	// Inputs are all of the batch, by path relative to the root.
	Inputs map[string]Input
	// linked are those that esbuild has linked: with the modules of [SomeNames].
	linked   map[string]Input
	Errors   []api.Message
	Warnings []api.Message
}

// metafile is the part of esbuild's metafile that we read.
// Format: https://esbuild.github.io/api/#metafile
type metafile struct {
	Inputs  map[string]Input  `json:"inputs"`
	Outputs map[string]Output `json:"outputs"`
}

// Input is a module, with its size in bytes; Format is esm, cjs or empty.
type Input struct {
	Bytes   int64               `json:"bytes"`
	Format  string              `json:"format"`
	Imports []resolution.Import `json:"imports"`
}

// Output is a finished bundle.
type Output struct {
	EntryPoint string           `json:"entryPoint"`
	Exports    []string         `json:"exports"`
	Inputs     map[string]Share `json:"inputs"`
	// Order are the inputs, with the modules of [SomeNames], in the order in which their first
	// parts come in the code.
	Order []Ordered `json:"-"`
}

// Ordered is an input with what it contributes to an output.
type Ordered struct {
	Input string
	Share
}

// UnmarshalJSON reads the inputs in their order, which a map has not.
func (o *Output) UnmarshalJSON(text []byte) error {
	var read struct {
		EntryPoint string          `json:"entryPoint"`
		Exports    []string        `json:"exports"`
		Inputs     json.RawMessage `json:"inputs"`
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	*o = Output{EntryPoint: read.EntryPoint, Exports: read.Exports}
	if len(read.Inputs) == 0 {
		return nil
	}
	inputs := json.NewDecoder(bytes.NewReader(read.Inputs))
	if _, err := inputs.Token(); err != nil {
		return err
	}
	o.Inputs = map[string]Share{}
	for inputs.More() {
		name, err := inputs.Token()
		if err != nil {
			return err
		}
		in := Ordered{Input: name.(string)} // a key of an object
		if err := inputs.Decode(&in.Share); err != nil {
			return err
		}
		o.Order, o.Inputs[in.Input] = append(o.Order, in), in.Share
	}
	return nil
}

// Share is what an input contributes to an output.
type Share struct {
	BytesInOutput int64 `json:"bytesInOutput"`
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

// Imports are the inputs that the import statements of one load, or of a module of
// [SomeNames], in order, and "" for those that stay outside.
func (l *Linked) Imports(input string) []string {
	var imported []string
	for _, im := range l.linked[input].Imports {
		switch {
		case im.Kind != "import-statement":
		case im.External:
			imported = append(imported, "")
		default:
			imported = append(imported, im.Path)
		}
	}
	return imported
}

// Bytes is how much of an input is in the output, 0 where it was left out.
func (l *Linked) Bytes(input string) int64 { return l.Output.Inputs[input].BytesInOutput }

// Included reports whether an input is part of the output, be it with no byte.
func (l *Linked) Included(input string) bool {
	_, included := l.Output.Inputs[input]
	return included
}

// warningsOf keeps the warnings that concern the files that an entry reaches.
func warningsOf(all []api.Message, reached []string) []api.Message {
	if len(all) == 0 {
		return nil
	}
	mine := map[string]bool{}
	for _, name := range reached {
		mine[name] = true
	}
	// A tsconfig is no input; it concerns the files below its folder.
	configures := func(file string) bool {
		dir := path.Dir(file)
		return strings.HasSuffix(file, ".json") && slices.ContainsFunc(reached, func(name string) bool {
			return dir == "." || strings.HasPrefix(name, dir+"/")
		})
	}
	return slices.DeleteFunc(slices.Clone(all), func(m api.Message) bool {
		return m.Location != nil && !mine[m.Location.File] && !configures(m.Location.File)
	})
}

// reach lists every input that the entry reaches, breadth first, and then what was
// injected into its output.
func reach(inputs map[string]Input, entry string, output Output) []string {
	seen := map[string]bool{entry: true}
	queue := []string{entry}
	for _, input := range slices.Sorted(maps.Keys(output.Inputs)) {
		if strings.HasPrefix(input, Injected) {
			seen[input] = true
			queue = append(queue, input)
		}
	}
	for i := 0; i < len(queue); i++ {
		for _, im := range inputs[queue[i]].Imports {
			if !im.External && !seen[im.Path] {
				seen[im.Path] = true
				queue = append(queue, im.Path)
			}
		}
	}
	return queue
}

// unmark takes the marks of twins off messages.
func unmark(messages []api.Message) []api.Message {
	for i := range messages {
		m := &messages[i]
		m.Text = installed.Unmark(m.Text)
		if m.Location != nil {
			m.Location.File = installed.Unmark(m.Location.File)
		}
		for n := range m.Notes {
			m.Notes[n].Text = installed.Unmark(m.Notes[n].Text)
			if at := m.Notes[n].Location; at != nil {
				at.File = installed.Unmark(at.File)
			}
		}
	}
	return messages
}

// Text joins what messages say.
func Text(messages []api.Message) string {
	var texts []string
	for _, m := range messages {
		texts = append(texts, m.Text)
	}
	return strings.Join(texts, "; ")
}
