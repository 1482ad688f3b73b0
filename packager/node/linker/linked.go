package linker

import (
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

// Input is a module, with its size in bytes; Format is esm, cjs or empty.
type Input struct {
	Bytes   int64
	Format  string
	Imports []resolution.Import
}

// Output is a finished bundle.
type Output struct {
	EntryPoint string
	Exports    []string
	Inputs     map[string]Share
	// Order are the inputs, with the modules of [SomeNames], in the order in which their first
	// parts come in the code.
	Order []Ordered
}

// Ordered is an input with what it contributes to an output.
type Ordered struct {
	Input string
	Share
}

// Share is what an input contributes to an output.
type Share struct{ BytesInOutput int64 }

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
