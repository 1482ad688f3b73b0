package node

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/sloppy"
)

// What a module freezes, or defines as read-only, another may still assign to: without strict
// mode nothing happens, in it the assignment throws. Where the graph shows that an object may
// get from the one to the other, the other is evaluated as a text.

// growByLocked plans the modules that may change what others lock, and those whose arguments
// others may ask for the callee.
func (b *builder) growByLocked(l *linked) (grew bool) {
	q := lockedObjects{builder: b, linked: l, dirs: map[string]string{}}
	for _, input := range l.Reached {
		if slices.Contains(l.plan.asTexts, input) || l.Inputs[input].Format == "esm" {
			continue
		}
		r := b.sloppyCode(l.job, input, true)
		if r.First == nil && (q.mayChange(input, r) || r.Arguments && q.asksForCallee(input)) {
			grew = add(&l.plan.asTexts, input) || grew
		}
	}
	return grew
}

// lockedObjects follows objects through a function's graph.
type lockedObjects struct {
	*builder
	*linked
	importers map[string][]string
	dirs      map[string]string // of the packages of inputs
}

// mayChange reports whether a module may change an object that another one locks.
func (q *lockedObjects) mayChange(input string, r sloppy.Reading) bool {
	given := r.ChangesThis
	for _, c := range r.Changes {
		if c.Specifier == "" {
			given = true
		} else if of := q.target(input, c.Specifier); of != "" && q.isLocked(of, q.packageOf(input), c, 0) {
			return true
		}
	}
	return given && q.isGivenLocked(input)
}

// target is the input that a request leads to.
func (q *lockedObjects) target(input, specifier string) string {
	for _, im := range q.Inputs[input].Imports {
		if im.Original == specifier && !im.External {
			return im.Path
		}
	}
	return ""
}

func (q *lockedObjects) packageOf(input string) string {
	dir, known := q.dirs[input]
	if !known {
		dir, _ = q.packages.PackageOf(input)
		q.dirs[input] = dir
	}
	return dir
}

// isLocked reports whether a property of what a module exports, makes or hands on cannot
// be assigned.
func (q *lockedObjects) isLocked(of, by string, c sloppy.Change, depth int) bool {
	if depth > 6 {
		return false
	}
	if c.Called {
		dir := q.packageOf(of)
		return slices.ContainsFunc(q.Reached, func(input string) bool {
			if input != of && (dir == by || q.packageOf(input) != dir) {
				return false
			}
			locks := q.locks(input)
			return locks.Makes || locks.Fixed[c.Name]
		})
	}
	locks := q.locks(of)
	switch {
	case locks.Fixed[c.Name]:
		return true
	case len(c.Path) > 0 && (locks.Names[c.Path[0]] || locks.Makes):
		return true
	case len(c.Path) == 0 && (locks.Exports || locks.Names[c.Name] || q.Inputs[of].Format == "esm"):
		return true
	}
	return slices.ContainsFunc(locks.HandsOn, func(specifier string) bool {
		next := q.target(of, specifier)
		return next != "" && q.isLocked(next, by, c, depth+1)
	})
}

// isGivenLocked reports whether a module gives locked objects to a function of another,
// or of its package.
func (q *lockedObjects) isGivenLocked(input string) bool {
	for _, entrance := range q.entrances(input) {
		for _, from := range q.importersOf(entrance) {
			if from == input {
				continue
			}
			locks := q.locks(from)
			leads := func(specifier string) bool { return q.target(from, specifier) == entrance }
			if slices.ContainsFunc(locks.Gives, leads) || slices.ContainsFunc(locks.Passes, func(p sloppy.Passed) bool {
				return leads(p.To) && q.exportsLocked(q.target(from, p.From), p.Name, 0)
			}) {
				return true
			}
		}
	}
	return false
}

// exportsLocked reports whether an export of a module is locked.
func (q *lockedObjects) exportsLocked(of, name string, depth int) bool {
	if of == "" || depth > 6 {
		return false
	}
	locks := q.locks(of)
	if locks.Names[name] || locks.Exports && (name == "" || name == "default") {
		return true
	}
	return slices.ContainsFunc(locks.HandsOn, func(specifier string) bool { return q.exportsLocked(q.target(of, specifier), name, depth+1) })
}

// entrances are the modules of a module's package that lead to it.
func (q *lockedObjects) entrances(input string) []string {
	dir := q.packageOf(input)
	found := []string{input}
	for i := 0; i < len(found); i++ {
		for _, from := range q.importersOf(found[i]) {
			if q.packageOf(from) == dir && !slices.Contains(found, from) {
				found = append(found, from)
			}
		}
	}
	return found
}

// importersOf are the modules that import one.
func (q *lockedObjects) importersOf(input string) []string {
	if q.importers == nil {
		q.importers = map[string][]string{}
		for _, from := range q.Reached {
			for _, im := range q.Inputs[from].Imports {
				if !im.External {
					q.importers[im.Path] = append(q.importers[im.Path], from)
				}
			}
		}
	}
	return q.importers[input]
}

// asksForCallee reports whether a module that works with another asks for the callee of
// arguments.
func (q *lockedObjects) asksForCallee(input string) bool {
	neighbours := slices.Clone(q.importersOf(input))
	for _, im := range q.Inputs[input].Imports {
		if !im.External {
			neighbours = append(neighbours, im.Path)
		}
	}
	return slices.ContainsFunc(neighbours, func(other string) bool {
		dir := q.packageOf(other)
		return slices.ContainsFunc(q.Reached, func(x string) bool {
			return x != input && (x == other || dir != q.packageOf(input) && q.packageOf(x) == dir) && q.locks(x).Callee
		})
	})
}

// locks is what a module locks.
func (q *lockedObjects) locks(input string) sloppy.Locked {
	file := inMode{file: q.packages.Absolute(input), loader: q.resolution.Loader(input)}
	locks, known := q.builder.locked[file]
	if known {
		return locks
	}
	if q.packages.IsFile(file.file) {
		if text, err := q.packages.ReadModule(file.file); err == nil && sloppy.MayLock(text) {
			if read, err := js.Read(js.File{Path: input, Source: text, Loader: file.loader}); err == nil {
				read.Bind()
				locks = sloppy.Locks(read.Tree)
			}
		}
	}
	q.builder.locked[file] = locks
	return locks
}
