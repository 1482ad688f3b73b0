package history

import (
	"bufio"
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
	if i := slices.IndexFunc(all, same); i >= 0 {
		added = joined(all[i], added, partial)
	}
	return append(slices.DeleteFunc(all, same), added)
}

// joined is what is recorded in place of an older record. A part of the functions leaves the
// others as they were.
func joined(old, added record, partial bool) record {
	if partial {
		functions := maps.Clone(old.Functions)
		maps.Copy(functions, added.Functions)
		added.Functions = functions
	}
	return added
}

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

// append adds a record to the file, which keeps at most the last maxRecords.
func (l *Log) append(added record, partial bool) error {
	var old []kept
	err := l.read(func(r record) error {
		if r.Dir == added.Dir && r.Commit == added.Commit {
			added = joined(r, added, partial)
			return nil
		}
		one, err := keep(r)
		old = append(old, one)
		return err
	})
	if err != nil {
		return err
	}
	one, err := keep(added)
	if err != nil {
		return err
	}
	all := append(old, one)
	slices.SortStableFunc(all, func(a, b kept) int { return cmp.Compare(a.time, b.time) })
	return output.WriteFile(l.file, l.file, func(w io.Writer) error {
		for _, one := range all[max(0, len(all)-maxRecords):] {
			if _, err := io.WriteString(w, one.line); err != nil {
				return err
			}
		}
		return nil
	})
}

// kept is a record of a file as it is written there.
type kept struct {
	time int64
	line string
}

func keep(r record) (kept, error) {
	line, err := r.line()
	return kept{r.Time, line}, err
}

// read visits the valid records of the file, one at a time. There is none without a file.
func (l *Log) read(visit func(record) error) error {
	f, err := output.Open(l.file)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return analyzer.Usage(fmt.Sprintf("cannot read the history %s: %v", l.file, analyzer.WithoutPath(err)), "check its permissions")
	}
	defer f.Close()
	limited := &io.LimitedReader{R: f, N: maxFile + 1}
	in := bufio.NewReader(limited)
	found := false
	for {
		line, err := in.ReadBytes('\n')
		if err != nil && err != io.EOF || limited.N == 0 {
			return analyzer.Usage(fmt.Sprintf("the history %s is not readable, or larger than 64 MiB", l.file), "remove it to begin a new one")
		}
		if r, ok := readRecord(line); ok {
			found = true
			if err := visit(r); err != nil {
				return err
			}
		}
		if err == io.EOF {
			break
		}
	}
	if limited.N <= maxFile && !found {
		return analyzer.Usage(l.file+" is not a history of featherpack", "give another file, or remove it")
	}
	return nil
}

// Points are what was recorded for this folder since a time, oldest first. Of a file,
// which may hold commits of other branches too, they are those of the current branch, as
// far as the checkout reaches back.
func (l *Log) Points(ctx context.Context, since time.Time) ([]reporters.Recorded, error) {
	var points []reporters.Recorded
	var last reporters.Sizes
	add := func(r record, commit string, at time.Time, subject string) {
		last = reporters.NewSizes(r.Functions, last)
		points = append(points, reporters.Recorded{Commit: commit, Time: at, Subject: subject, Functions: last})
	}
	if l.file == "" {
		err := l.checkout.Notes(ctx, since, func(n git.Noted) {
			for _, r := range recordsIn(n.Note) {
				if r.Dir == l.dir {
					add(r, n.Commit, n.Time, n.Subject)
				}
			}
		})
		if err != nil {
			return nil, err
		}
	} else {
		ours, err := l.checkout.Ancestors(ctx, since)
		if err != nil {
			return nil, err
		}
		err = l.read(func(r record) error {
			if at := time.Unix(r.Time, 0).UTC(); r.Dir == l.dir && !at.Before(since) && (ours == nil || ours[r.Commit]) {
				add(r, r.Commit, at, r.Subject)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(points, func(a, b reporters.Recorded) int { return a.Time.Compare(b.Time) })
	return points, nil
}
