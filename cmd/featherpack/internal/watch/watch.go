package watch

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// Files are those of a project that are watched.
type Files struct {
	root string
	skip []string
}

// Below watches the own files below a root. skip are absolute files and folders to leave out.
func Below(root string, skip ...string) Files { return Files{root, skip} }

// Look is the state of files at a time.
type Look map[string]string

// Now looks at the files.
func (f Files) Now() Look {
	files := projectfs.New(f.root, projectfs.Allowances{})
	defer files.Close()
	return files.Stamps(f.skip)
}

const (
	// often is the time between two looks, share the part of it that a look may take.
	often = 50 * time.Millisecond
	share = 10
	// settled is how long nothing may change: a tool that writes several files is not to be
	// met between two of them, and what was written later than this before a build is not
	// kept in the cache.
	settled = 25 * time.Millisecond
)

// Change waits until files differ from a look, and then until nothing has changed for a
// moment. It returns the names that differ, sorted. The error is that of ctx.
func (f Files) Change(ctx context.Context, before Look) (changed []string, err error) {
	for pause := often; ; {
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
		began := time.Now()
		now := f.Now()
		pause = max(often, time.Since(began)*share)
		if maps.Equal(before, now) {
			continue
		}
		for {
			if err := sleep(ctx, settled); err != nil {
				return nil, err
			}
			later := f.Now()
			if maps.Equal(now, later) {
				return difference(before, now), nil
			}
			now = later
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// difference lists the files of two looks that differ.
func difference(before, now Look) []string {
	all := map[string]bool{}
	for _, look := range []Look{before, now} {
		for name := range look {
			was, known := before[name]
			if is, still := now[name]; !known || !still || was != is {
				all[strings.TrimSuffix(name, "/")] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}
