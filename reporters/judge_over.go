package reporters

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// over gives a broken budget its outcome, its cause and whoever accepted it.
func (j *judge) over(v *Verdict, functions []Function) {
	v.Outcome = OutcomeFail
	if v.Level == levelWarn {
		v.Outcome = OutcomeWarn
	}
	j.because(v, functions)
	for _, a := range j.o.Accepted {
		if !a.concerns(*v) {
			continue
		}
		v.Until = a.Until
		if !a.holds(j.o.Today) {
			v.Message += "; its acceptance ran out on " + a.Until
			continue
		}
		most, err := parseAmount(a.UpTo, v.Metric, false)
		if a.UpTo != "" && (err != nil || v.Value > most.units) {
			v.Message += "; it was accepted up to " + a.UpTo
			continue
		}
		v.Outcome, v.Reason = OutcomeAccepted, a.Reason
		return
	}
}

// because finds where the code is that broke a budget: the import that made
// the functions grow, or the one that brings in the largest package.
func (j *judge) because(v *Verdict, functions []Function) {
	name := strings.TrimPrefix(v.Metric, packageMetric)
	aboutPackage := name != v.Metric
	if j.r.Delta != nil {
		for _, c := range j.r.Delta.Causes {
			if c.Unzipped <= 0 || !slices.ContainsFunc(c.Functions, func(id string) bool { return slices.Contains(v.Functions, id) }) {
				continue
			}
			if aboutPackage && c.Package != name {
				continue
			}
			v.Hint = fmt.Sprintf("the largest growth is %s with %s unzipped", quoted(nameOfCause(c)), signedSize(c.Most))
			if c.Position.File != "" {
				v.Position = c.Position
			}
			return
		}
	}
	if len(functions) != 1 {
		return
	}
	f := functions[0]
	if !aboutPackage {
		name = largestPackage(f)
	}
	if name == "" {
		return
	}
	v.Hint = fmt.Sprintf("featherpack why %s %s", f.ID, name)
	if at := j.site(f, name); at.File != "" {
		v.Position = at
	}
}

// site is the line of the project that brings a package into a function.
func (j *judge) site(f Function, name string) analyzer.Position {
	t := j.way.tree(f.EntryInput)
	for _, p := range f.Packages {
		if p.Name == name {
			return site(t.links(t.first(owner{p.Name, p.Version})))
		}
	}
	return analyzer.Position{}
}

// told is a cause in one clause, which begins with [nameOfCause].
func told(c Cause) string {
	how := ""
	switch c.Kind {
	case KindNew:
		how = ", new"
	case KindDuplicate:
		how = ", one more version"
	case KindRemoved:
		how = ", gone"
	}
	text := nameOfCause(c) + how + ": " + signedSize(c.Unzipped) + " unzipped"
	if len(c.Functions) > 1 {
		text += " in all, " + signedSize(c.Most) + " in one"
	}
	return text
}

// zippedToo is the change of the zip, as far as it tells something: what is
// apportioned moves with the neighbours, and may even go the other way.
func (c Cause) zippedToo() string {
	if c.Zipped == 0 || (c.Zipped > 0) != (c.Unzipped > 0) || max(c.Zipped, -c.Zipped) > max(c.Unzipped, -c.Unzipped) {
		return ""
	}
	return ", about " + signedSize(c.Zipped) + " zipped"
}

// nameOfCause is the package with its versions, or the file.
func nameOfCause(c Cause) string {
	switch {
	case c.Package == "":
		return c.Path
	case c.Kind == KindMoved:
		return fmt.Sprintf("%s %s, was %s", c.Package, cmp.Or(c.To, "unknown"), cmp.Or(c.From, "unknown"))
	}
	return strings.TrimSpace(c.Package + " " + cmp.Or(c.To, c.From))
}
