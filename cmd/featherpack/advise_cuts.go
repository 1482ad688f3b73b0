package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/gobin"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/packager/golang"
)

// tryCuts measures what the linker would leave out if nothing looked methods up
// by reflection: the lookups are cut out of scratch copies, one function on top
// of the other. The programs that come of it are weighed and never run.
//
// As long as one lookup is left nothing goes, so one that saves nothing stays
// cut; whether it had to is asked once another one saves something.
func (g *goAdvice) tryCuts(ctx context.Context, o gobin.Options) error {
	if len(g.culprits) == 0 {
		return nil
	}
	if g.tried < g.trials {
		if err := g.weighNow(ctx); err != nil {
			return err
		}
	}
	// Others first: what reaches a template may itself be kept by one of them.
	slices.SortStableFunc(g.culprits, func(a, b lint.Advice) int {
		return strings.Compare(a.Code, b.Code)
	})
	applied, names := slices.Clone(g.applied), slices.Clone(g.names)
	before := g.now
	var idle []cutting
	for _, c := range g.culprits {
		if g.tried >= g.trials {
			g.tell(c, nil, fmt.Sprintf("%d changes were tried; --trials raises that", g.trials))
			continue
		}
		g.tried++
		g.t.Step("featherpack: %s: cutting a reflective lookup out of a scratch copy", g.id)
		after, one, err := g.cut(ctx, c, o, applied)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			g.tell(c, nil, "it takes a change by hand")
			continue
		}
		applied = append(applied, one.change)
		saves := weight{before.Program - after.Program, before.Zip - after.Zip}
		if !worthSaving(saves.Zipped, before.Zip) {
			idle = append(idle, one)
			continue
		}
		masking, err := g.masking(ctx, idle, applied, after)
		if err != nil {
			return err
		}
		for _, m := range masking {
			names = append(names, m.label())
			g.tell(m.of, nil, "nothing goes by itself, since "+one.label()+" keeps the same; the saving is told there")
		}
		g.tell(c, &saves, "")
		a := &g.out.Advice[len(g.out.Advice)-1]
		a.With, a.Cut = slices.Clone(names), true
		before, idle = after, nil
		names = append(names, one.label())
	}
	for _, one := range idle {
		g.inVain(one)
	}
	return nil
}

func (g *goAdvice) inVain(c cutting) {
	g.out.InVain = append(g.out.InVain, c.of.Message+": nothing goes, or nothing more once the others are gone")
}

// masking are those of the cuts that saved nothing by themselves without which
// the last one would save nothing either. Where no trial is left all of them are
// taken to be.
func (g *goAdvice) masking(ctx context.Context, idle []cutting, applied []lint.Change, all *golang.Weight) (list []cutting, err error) {
	for _, one := range idle {
		if g.tried >= g.trials {
			list = append(list, one)
			continue
		}
		g.tried++
		if err := one.undo(); err != nil {
			return nil, err
		}
		w, err := golang.Builder{}.Measure(ctx, g.project, g.function, g.settings.AllowGoflags, but(applied, one)...)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err := one.redo(); err != nil {
			return nil, err
		}
		if err != nil || worthSaving(w.Zip-all.Zip, w.Zip) {
			list = append(list, one)
		} else {
			g.inVain(one)
		}
	}
	return list, nil
}

// but are the changes without one cut, which has been undone where it was written
// in place. What was cut out of the same file later goes with it.
func but(applied []lint.Change, one cutting) []lint.Change {
	if one.copied {
		return applied
	}
	list := slices.Clip(applied)
	for name := range one.change.Overlay {
		list = append(list, lint.Change{Overlay: map[string][]byte{name: one.before}})
	}
	return list
}
