package advise

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
)

// cutting is advice that was tried by removing a lookup from the source.
type cutting struct {
	trial.Cut
	advice lint.Advice
}

func (c cutting) label() string { return "the lookup in " + symbolOf(c.advice) }

// symbolOf returns the linker's name of the function that looks up methods.
func symbolOf(c lint.Advice) string {
	if len(c.Chain) == 0 {
		return ""
	}
	return c.Chain[len(c.Chain)-1].Name
}

// tryCuts measures what the linker would leave out if no function looked up methods
// by reflection. It removes the lookups from temporary copies of the sources, one
// function after another. The resulting programs are measured and never run.
//
// As long as one lookup is left, the linker leaves out nothing. So a lookup stays
// removed even if that saves nothing. When a later one saves something, masking
// checks which of the earlier ones were necessary for that.
func (g *goTrials) tryCuts(ctx context.Context, p *trial.Program) error {
	if len(g.lookups) == 0 {
		return nil
	}
	var before chains.Weight
	if g.tried < g.Trials {
		if err := g.measureCurrent(ctx); err != nil {
			return err
		}
		before = *g.current
	}
	// Lookups outside templates come first: they may be what keeps the code that
	// uses a template.
	slices.SortStableFunc(g.lookups, func(a, b lint.Advice) int {
		return strings.Compare(a.Code, b.Code)
	})
	applied, names := slices.Clone(g.applied), slices.Clone(g.names)
	var idle []cutting
	for _, c := range g.lookups {
		if g.tried >= g.Trials {
			g.report(c, nil, fmt.Sprintf("only %d changes were tried; --trials raises the limit", g.Trials))
			continue
		}
		g.tried++
		g.Options.Step("featherpack: %s: building a temporary copy without a reflective lookup", g.Function.ID)
		after, cut, err := p.WithoutLookups(ctx, symbolOf(c), applied)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			g.report(c, nil, "the source must be changed by hand")
			continue
		}
		one := cutting{cut, c}
		applied = append(applied, one.Change)
		saves := before.Minus(after)
		if !worthSaving(saves.Zipped, before.Zipped) {
			idle = append(idle, one)
			continue
		}
		masking, err := g.masking(ctx, p, idle, applied, after)
		if err != nil {
			return err
		}
		for _, m := range masking {
			names = append(names, m.label())
			g.report(m.advice, nil, "it saves nothing alone, because "+one.label()+" keeps the same code; see the saving there")
		}
		g.report(c, &saves, "")
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

func (g *goTrials) inVain(c cutting) {
	g.out.InVain = append(g.out.InVain, c.advice.Message+": it saves nothing, or nothing more than the other changes")
}

// masking returns those of the cuts without a saving of their own that were
// necessary for the saving of the last one. If no trials are left, it assumes that
// all were.
func (g *goTrials) masking(ctx context.Context, p *trial.Program, idle []cutting, applied []lint.Change, all chains.Weight) (list []cutting, err error) {
	for _, one := range idle {
		if g.tried >= g.Trials {
			list = append(list, one)
			continue
		}
		g.tried++
		w, err := p.WithoutCut(ctx, applied, one.Cut)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil || worthSaving(w.Zipped-all.Zipped, w.Zipped) {
			list = append(list, one)
		} else {
			g.inVain(one)
		}
	}
	return list, nil
}
