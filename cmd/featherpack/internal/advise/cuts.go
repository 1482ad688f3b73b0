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

// cutting is one piece of advice that was tried by cutting lookups out.
type cutting struct {
	trial.Cut
	of lint.Advice
}

func (c cutting) label() string { return "the lookup in " + symbolOf(c.of) }

// symbolOf is the function that looks methods up, as the linker names it.
func symbolOf(c lint.Advice) string {
	if len(c.Chain) == 0 {
		return ""
	}
	return c.Chain[len(c.Chain)-1].Name
}

// tryCuts measures what the linker would leave out if nothing looked methods up
// by reflection: the lookups are cut out of scratch copies, one function on top
// of the other. The programs that come of it are weighed and never run.
//
// As long as one lookup is left nothing goes, so one that saves nothing stays
// cut; whether it had to is asked once another one saves something.
func (g *goTrials) tryCuts(ctx context.Context, p *trial.Program) error {
	if len(g.culprits) == 0 {
		return nil
	}
	var before chains.Weight
	if g.tried < g.Trials {
		if err := g.weighNow(ctx); err != nil {
			return err
		}
		before = *g.now
	}
	// Others first: what reaches a template may itself be kept by one of them.
	slices.SortStableFunc(g.culprits, func(a, b lint.Advice) int {
		return strings.Compare(a.Code, b.Code)
	})
	applied, names := slices.Clone(g.applied), slices.Clone(g.names)
	var idle []cutting
	for _, c := range g.culprits {
		if g.tried >= g.Trials {
			g.tell(c, nil, fmt.Sprintf("%d changes were tried; --trials raises that", g.Trials))
			continue
		}
		g.tried++
		g.Options.Step("featherpack: %s: cutting a reflective lookup out of a scratch copy", g.ID)
		after, cut, err := p.WithoutLookups(ctx, symbolOf(c), applied)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			g.tell(c, nil, "it takes a change by hand")
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

func (g *goTrials) inVain(c cutting) {
	g.out.InVain = append(g.out.InVain, c.of.Message+": nothing goes, or nothing more once the others are gone")
}

// masking are those of the cuts that saved nothing by themselves without which
// the last one would save nothing either. Where no trial is left all of them are
// taken to be.
func (g *goTrials) masking(ctx context.Context, p *trial.Program, idle []cutting, applied []lint.Change, all chains.Weight) (list []cutting, err error) {
	for _, one := range idle {
		if g.tried >= g.Trials {
			list = append(list, one)
			continue
		}
		g.tried++
		w, err := p.But(ctx, applied, one.Cut)
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
