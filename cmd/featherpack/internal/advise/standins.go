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
		standIns = nil // each is told without a measurement
	}
	if err := g.weighNow(ctx); err != nil {
		return err
	}
	applied, with, before := slices.Clone(g.applied), slices.Clone(g.names), *g.now
	for _, c := range g.heavy {
		i := slices.IndexFunc(standIns, func(s rewrite.StandIn) bool { return s.Dependency == c.Package })
		if i >= 0 {
			g.calls[c.Package] = standIns[i].Calls
		}
		switch {
		case i < 0:
			g.tell(c, nil, "it takes a change by hand")
			continue
		case g.tried >= g.Trials:
			g.tell(c, nil, fmt.Sprintf("%d changes were tried; --trials raises that", g.Trials))
			continue
		}
		g.tried++
		g.Options.Step("featherpack: %s: linking without %s", g.ID, c.Package)
		after, change, err := p.WithStandIn(ctx, standIns[i], applied)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			g.tell(c, nil, "what the project uses of it cannot be declared apart from it")
			continue
		}
		saves := before.Minus(after)
		if !worthSaving(saves.Zipped, before.Zipped) {
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
