package advise

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/lint"
)

// Silencer removes the advice that featherpack.yaml or comments in the sources ignore.
// It is used for all functions of a run, to tell which exceptions nothing needs.
type Silencer struct {
	// Ignored are the entries of featherpack.yaml. OnlySafe also removes advice that
	// changes behaviour.
	Ignored  []analyzer.AdviceIgnore
	OnlySafe bool

	used map[int]bool     // of Ignored
	said map[int]bool     // of Ignored: that it has expired
	seen map[comment]bool // of all files; true for those that silence something
}

// comment is an exception in a source.
type comment struct {
	file string
	lint.Comment
}

// Silence removes the advice that is ignored, and sorts the rest by savings. An exception
// that has expired or gives no reason has no effect.
func (s *Silencer) Silence(a *Advised) (warnings []analyzer.Diagnostic) {
	day := today().Format(time.DateOnly)
	if s.used == nil {
		s.used, s.said, s.seen = map[int]bool{}, map[int]bool{}, map[comment]bool{}
	}
	for _, c := range a.comments {
		if _, known := s.seen[c]; !known {
			s.seen[c] = false
		}
	}
	kept := []Advice{}
	for _, one := range a.Advice {
		if s.OnlySafe && one.Changes != "" {
			a.unsafe = append(a.unsafe, one)
			continue
		}
		i := slices.IndexFunc(s.Ignored, func(g analyzer.AdviceIgnore) bool { return matches(g, one) })
		at := slices.IndexFunc(a.comments, func(c comment) bool {
			return c.Code == one.Code && c.Reason != "" && c.file == one.File && c.Silences == one.Line
		})
		if i >= 0 {
			s.used[i] = true
		}
		switch {
		case at >= 0:
			s.seen[a.comments[at]] = true
			a.ignored = append(a.ignored, one)
			continue
		case i < 0:
		case s.Ignored[i].Until != "" && s.Ignored[i].Until < day && s.said[i]: // about another function
		case s.Ignored[i].Until != "" && s.Ignored[i].Until < day:
			s.said[i] = true
			warnings = append(warnings, analyzer.Diagnostic{
				Code: "advice-ignore-expired", Severity: analyzer.Warning, Position: s.Ignored[i].Position,
				Message: fmt.Sprintf("%s is no longer ignored: its date %s has passed", s.Ignored[i].Code, s.Ignored[i].Until), Hint: "follow the advice, or give a new date and reason",
			})
		default:
			a.ignored = append(a.ignored, one)
			continue
		}
		kept = append(kept, one)
	}
	saves := func(one Advice) int64 {
		switch {
		case one.Saves != nil:
			return one.Saves.Zipped
		case one.Holds != nil:
			return one.Holds.Zipped / 2 // after a measured saving of the same size
		}
		return 0
	}
	slices.SortStableFunc(kept, func(x, y Advice) int {
		return cmp.Or(cmp.Compare(saves(y), saves(x)), cmp.Compare(x.Code, y.Code), cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line))
	})
	a.Advice, a.Ignored = kept, len(a.ignored)
	return warnings
}

// today is the day that dates are compared with: that of SOURCE_DATE_EPOCH where it is set
// (reproducible-builds.org/specs/source-date-epoch), so that a report can be made again.
func today() time.Time {
	if seconds, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
		return time.Unix(seconds, 0).UTC()
	}
	return time.Now().UTC()
}

// Idle returns warnings about exceptions that cannot have an effect, and about those that
// nothing needed. all is set if every function of the project was asked about.
func (s *Silencer) Idle(all bool) (warnings []analyzer.Diagnostic) {
	codes := lint.Codes()
	warn := func(code string, at analyzer.Position, hint, format string, args ...any) {
		warnings = append(warnings, analyzer.Problem(analyzer.Warning, code, at, hint, format, args...))
	}
	for i, g := range s.Ignored {
		switch {
		case !slices.Contains(codes, g.Code):
			warn("advice-ignore-unknown", g.Position, CodeHint(g.Code), "there is no advice %q", g.Code)
		case all && !s.OnlySafe && !s.used[i]:
			warn("advice-ignore-unused", g.Position, "remove it", "nothing needs this exception for %s", g.Code)
		}
	}
	for c, used := range s.seen {
		at, mark := analyzer.Position{File: c.file, Line: c.Line, Column: c.Column}, "//"
		if isManifest(c.file) {
			mark = "#"
		}
		switch {
		case !slices.Contains(codes, c.Code):
			warn("advice-ignore-unknown", at, CodeHint(c.Code), "there is no advice %q", c.Code)
		case c.Reason == "":
			warn("advice-ignore-reason", at, "write "+mark+" featherpack-ignore "+c.Code+": why", "the comment gives no reason, so it has no effect")
		case !used && !s.OnlySafe && (all || !isManifest(c.file)): // a manifest is about other functions too
			warn("advice-ignore-unused", at, "remove it", "nothing needs this exception for %s", c.Code)
		}
	}
	return analyzer.SortDiagnostics(warnings)
}

func matches(g analyzer.AdviceIgnore, one Advice) bool {
	if g.Code != one.Code {
		return false
	}
	ok, err := doublestar.Match(g.At, one.File)
	return g.At == "" || err == nil && ok
}
