package advise

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/featherpack/featherpack/analyzer/gobin"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
	"github.com/featherpack/featherpack/packager/golang/rewrite"
)

// heavy returns the advice about large dependencies of which the project uses
// little, the largest first.
func heavy(found []lint.Advice) (list []lint.Advice) {
	for _, c := range found {
		if c.Code == "heavy-dependency" {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b lint.Advice) int { return cmp.Compare(b.Kept, a.Kept) })
	return list
}

// tryStandIns measures the size of each large dependency. It replaces the
// dependency with a stand-in: a package that declares what the project uses of the
// dependency and does nothing. The replacements add up, because dependencies may
// share their own dependencies. The resulting programs are measured and never run.
func (g *goTrials) tryStandIns(ctx context.Context, p *trial.Program, o gobin.Options) error {
	var names []string
	for _, c := range g.heavy {
		names = append(names, c.Package)
	}
	if len(names) == 0 {
		return nil
	}
	standIns, err := rewrite.StandIns(ctx, g.GoFolder(), ".", names, o)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		standIns = nil // each gets advice without a measurement
	}
	if err := g.measureCurrent(ctx); err != nil {
		return err
	}
	applied, with, before := slices.Clone(g.applied), slices.Clone(g.names), *g.current
	for _, c := range g.heavy {
		i := slices.IndexFunc(standIns, func(s rewrite.StandIn) bool { return s.Dependency == c.Package })
		if i >= 0 {
			g.calls[c.Package] = standIns[i].Calls
		}
		switch {
		case i < 0:
			g.report(c, nil, "the source must be changed by hand")
			continue
		case g.tried >= g.Trials:
			g.report(c, nil, fmt.Sprintf("only %d changes were tried; --trials raises the limit", g.Trials))
			continue
		}
		g.tried++
		g.Options.Step("featherpack: %s: linking without %s", g.Function.ID, c.Package)
		after, change, err := p.WithStandIn(ctx, standIns[i], applied)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			g.report(c, nil, "a stand-in for what the project uses of it does not compile")
			continue
		}
		saves := before.Minus(after)
		if !worthSaving(saves.Zipped, before.Zipped) {
			g.out.InVain = append(g.out.InVain, c.Message+": other packages need it too")
			continue
		}
		g.report(c, &saves, "")
		a := &g.out.Advice[len(g.out.Advice)-1]
		a.With, a.Most = slices.Clone(with), true
		applied, before = append(applied, change), after
		with = append(with, "the stand-in for "+c.Package)
	}
	return nil
}
