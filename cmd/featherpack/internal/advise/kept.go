package advise

import (
	"crypto/sha256"
	"maps"
	"reflect"
	"slices"

	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/reporters"
)

// Kept is what a process keeps of the advice that it adds to the reports of one project, from
// one to the next: parsed modules, and the advice about each function. The advice about a
// function depends on its build, on the modules in it, on other files, such as licences and
// every package.json, and on what [Untried.On] returns. The first is compared by its name, all
// others by what they hold. The zero value works. It is for one report at a time.
type Kept struct {
	texts     lint.Texts
	on        any
	read      map[string]digest // of all files that were asked for
	functions map[string]keptAdvice
}

// digest is the SHA-256 of a file, zero if it cannot be read.
type digest [sha256.Size]byte

func digestOf(text []byte, err error) digest {
	if err != nil {
		return digest{}
	}
	return sha256.Sum256(text)
}

// keptAdvice is the advice about a build of a function, and the scripts that the function
// reaches. Whether there is advice depends on no other scripts.
type keptAdvice struct {
	build   string
	scripts []string
	advice  []Advice
}

// renew forgets what is no longer right.
func (k *Kept) renew(on any, read *sources) {
	if k.texts == nil {
		k.texts, k.read, k.functions = lint.Texts{}, map[string]digest{}, map[string]keptAdvice{}
	}
	k.texts.Renew(read.read)
	if !reflect.DeepEqual(on, k.on) {
		clear(k.functions)
	}
	k.on = on
	changed, others := map[string]bool{}, false
	for name, was := range k.read {
		if text, err := read.read(name); digestOf(text, err) != was {
			changed[name] = true
			others = others || !isScript(name)
		}
	}
	maps.DeleteFunc(k.functions, func(_ string, one keptAdvice) bool {
		return others || slices.ContainsFunc(one.scripts, func(name string) bool { return changed[name] })
	})
}

// learn notes what was read for the advice.
func (k *Kept) learn(read *sources) { maps.Copy(k.read, read.read256) }

// advice is the advice about a function in a report, by what is kept of this build of it, or
// else by find.
func (k *Kept) advice(f reporters.Function, r reporters.Report, build string, find func() []Advice) []Advice {
	if one, known := k.functions[f.ID]; known && one.build == build && build != "" {
		return slices.Clone(one.advice)
	}
	advice := find()
	delete(k.functions, f.ID)
	if build != "" {
		k.functions[f.ID] = keptAdvice{build, scriptsOf(chains.New(r, f)), slices.Clone(advice)}
	}
	return advice
}

// scriptsOf are the project's own scripts that a function reaches.
func scriptsOf(g chains.Graph) (scripts []string) {
	order, _ := g.Reach(func(chains.Edge) bool { return false })
	for _, i := range order {
		if in := g.Inputs[i]; in.Package == "" && isScript(in.Path) {
			scripts = append(scripts, in.Path)
		}
	}
	return scripts
}
