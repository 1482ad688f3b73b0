package history

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/git"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/reporters"
)

// Notes is the place that means git notes. Every other is a file.
const Notes = "notes"

const (
	maxFile    = 64 << 20 // bytes
	maxRecords = 5_000    // in a file; the oldest are dropped
)

// Log is where the points of a folder are kept.
type Log struct {
	checkout *git.Checkout
	dir      string // relative to the top, with slashes
	file     string // "" for notes
}

// Open finds the place for a folder: "notes", or a file.
func Open(ctx context.Context, dir, place string) (*Log, error) {
	checkout, err := git.Open(ctx, dir)
	if err != nil {
		return nil, analyzer.Usage("there is no history here: this is not a git checkout", "run it in a clone of the repository")
	}
	l := &Log{checkout: checkout, dir: filepath.ToSlash(checkout.Sub)}
	if place != Notes {
		l.file = place
	}
	return l, nil
}

// Record keeps the sizes of a report for the current commit, in place of what was
// recorded for it before. If only a part of the functions was built, the others keep
// theirs. Sizes of files that are not committed are not recorded: then the reason is
// returned, and no commit.
func (l *Log) Record(ctx context.Context, r reporters.Report, partial bool) (commit, whyNot string, err error) {
	if changed, err := l.checkout.Changed(ctx); err != nil || changed {
		return "", "the checkout has changes that are not committed", err
	}
	head, err := l.checkout.Head(ctx)
	if err != nil {
		return "", "", err
	}
	added := record{
		Version: version, Dir: l.dir, Functions: reporters.SizesOf(r),
		Commit: head.Commit, Time: head.Time.Unix(), Subject: head.Subject,
	}
	if len(added.Functions) == 0 {
		return "", "no function was built", nil
	}
	if l.file != "" {
		return head.Commit, "", l.append(added, partial)
	}
	added.Commit, added.Time, added.Subject = "", 0, "" // the note is on its commit
	text, err := textOf(put(recordsIn(head.Note), added, partial))
	if err != nil {
		return "", "", err
	}
	return head.Commit, "", l.checkout.SetNote(ctx, head.Commit, text)
}

// put puts a record in place of the one of its folder and commit.
func put(all []record, added record, partial bool) []record {
	same := func(r record) bool { return r.Dir == added.Dir && r.Commit == added.Commit }
	if i := slices.IndexFunc(all, same); partial && i >= 0 {
		joined := maps.Clone(all[i].Functions)
		maps.Copy(joined, added.Functions)
		added.Functions = joined
	}
	return append(slices.DeleteFunc(all, same), added)
}

// append adds a record to the file, which keeps at most the last maxRecords.
func (l *Log) append(added record, partial bool) error {
	old, err := l.read()
	if err != nil {
		return err
	}
	all := put(old, added, partial)
	slices.SortStableFunc(all, byTime)
	text, err := textOf(all[max(0, len(all)-maxRecords):])
	if err != nil {
		return err
	}
	return output.WriteFile(l.file, l.file, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

func byTime(a, b record) int { return cmp.Compare(a.Time, b.Time) }

func textOf(all []record) (string, error) {
	var b strings.Builder
	for _, r := range all {
		line, err := r.line()
		if err != nil {
			return "", err
		}
		b.WriteString(line)
	}
	return b.String(), nil
}

func (l *Log) read() ([]record, error) {
	f, err := output.Open(l.file)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, analyzer.Usage(fmt.Sprintf("cannot read the history %s: %v", l.file, analyzer.WithoutPath(err)), "check its permissions")
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil || len(text) > maxFile {
		return nil, analyzer.Usage(fmt.Sprintf("the history %s is not readable, or larger than 64 MiB", l.file), "remove it to begin a new one")
	}
	all := recordsIn(string(text))
	if len(text) > 0 && len(all) == 0 {
		return nil, analyzer.Usage(l.file+" is not a history of featherpack", "give another file, or remove it")
	}
	return all, nil
}

// Points are what was recorded for this folder since a time, oldest first. Of a file,
// which may hold commits of other branches too, they are those of the current branch, as
// far as the checkout reaches back.
func (l *Log) Points(ctx context.Context, since time.Time) ([]reporters.Recorded, error) {
	var points []reporters.Recorded
	if l.file == "" {
		noted, err := l.checkout.Notes(ctx, since)
		if err != nil {
			return nil, err
		}
		for _, n := range noted {
			for _, r := range recordsIn(n.Note) {
				if r.Dir == l.dir {
					points = append(points, reporters.Recorded{Commit: n.Commit, Time: n.Time, Subject: n.Subject, Functions: r.Functions})
				}
			}
		}
	} else {
		all, err := l.read()
		if err != nil {
			return nil, err
		}
		ours, err := l.checkout.Ancestors(ctx, since)
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			at := time.Unix(r.Time, 0).UTC()
			if r.Dir == l.dir && !at.Before(since) && (ours == nil || ours[r.Commit]) {
				points = append(points, reporters.Recorded{Commit: r.Commit, Time: at, Subject: r.Subject, Functions: r.Functions})
			}
		}
	}
	slices.SortStableFunc(points, func(a, b reporters.Recorded) int { return a.Time.Compare(b.Time) })
	return points, nil
}
