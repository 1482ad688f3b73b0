package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/gobin"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/packager/golang"
	"github.com/featherpack/featherpack/packager/golang/rewrite"
)

// heavy are the dependencies of which little is used, the heaviest first.
func heavy(found []lint.Advice) (list []lint.Advice) {
	for _, c := range found {
		if c.Code == "heavy-dependency" {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b lint.Advice) int { return cmp.Compare(b.Kept, a.Kept) })
	return list
}

// tryStandIns measures what a dependency's place costs: each is taken by a
// package that declares what the project uses of it and does nothing, one on top
// of the other, since they may share what they need themselves. The programs
// that come of it are weighed and never run.
func (g *goAdvice) tryStandIns(ctx context.Context, o gobin.Options) error {
	var names []string
	for _, c := range g.heavy {
		names = append(names, c.Package)
	}
	if len(names) == 0 {
		return nil
	}
	standIns, err := rewrite.StandIns(ctx, g.goFolder(), ".", names, o)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		standIns = nil // each is told without a measurement
	}
	if err := g.weighNow(ctx); err != nil {
		return err
	}
	applied, with, before := slices.Clone(g.applied), slices.Clone(g.names), g.now
	for _, c := range g.heavy {
		i := slices.IndexFunc(standIns, func(s rewrite.StandIn) bool { return s.Dependency == c.Package })
		if i >= 0 {
			g.calls[c.Package] = standIns[i].Calls
		}
		switch {
		case i < 0:
			g.tell(c, nil, "it takes a change by hand")
			continue
		case g.tried >= g.trials:
			g.tell(c, nil, fmt.Sprintf("%d changes were tried; --trials raises that", g.trials))
			continue
		}
		g.tried++
		g.t.Step("featherpack: %s: linking without %s", g.id, c.Package)
		after, change, err := g.without(ctx, standIns[i], applied)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			g.tell(c, nil, "what the project uses of it cannot be declared apart from it")
			continue
		}
		saves := weight{before.Program - after.Program, before.Zip - after.Zip}
		if !worthSaving(saves.Zipped, before.Zip) {
			g.out.InVain = append(g.out.InVain, c.Message+": other packages keep it")
			continue
		}
		g.tell(c, &saves, "")
		a := &g.out.Advice[len(g.out.Advice)-1]
		a.With, a.Most = slices.Clone(with), true
		applied, before = append(applied, change), after
		with = append(with, "the stand-in for "+c.Package)
	}
	return nil
}

// without weighs the program with a stand-in, the first that compiles.
func (g *goAdvice) without(ctx context.Context, s rewrite.StandIn, applied []lint.Change) (*golang.Weight, lint.Change, error) {
	changes, err := s.Changes(func(file string) ([]byte, error) {
		for _, c := range slices.Backward(applied) {
			if text, ok := c.Overlay[file]; ok {
				return text, nil
			}
		}
		return os.ReadFile(filepath.Join(g.project.Root, filepath.FromSlash(file)))
	})
	if err != nil {
		return nil, lint.Change{}, err
	}
	var problems []error
	for _, change := range changes {
		within, stop := context.WithTimeout(ctx, trialLimit)
		w, err := golang.Builder{}.Measure(within, g.project, g.function, g.settings.AllowGoflags, append(slices.Clip(applied), change)...)
		stop()
		if err == nil {
			return &w, change, nil
		}
		problems = append(problems, err)
	}
	return nil, lint.Change{}, errors.Join(problems...)
}

// weighNow weighs the program as far as changes were applied, unless it is known.
func (g *goAdvice) weighNow(ctx context.Context) error {
	if g.now != nil {
		return nil
	}
	w, err := golang.Builder{}.Measure(ctx, g.project, g.function, g.settings.AllowGoflags)
	g.now = &w
	return err
}

// callsOf tells how many functions of a dependency are called, and which.
func callsOf(calls []string) string {
	switch len(calls) {
	case 0:
		return "no function called"
	case 1:
		return "1 function called: " + calls[0]
	}
	return fmt.Sprintf("%d functions called: %s", len(calls), strings.Join(calls, ", "))
}
