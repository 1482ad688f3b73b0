package sample

import (
	"fmt"
	"time"

	"github.com/featherpack/featherpack/reporters"
)

// Recorded gives a report a history of n commits, a day apart, of which the last is the
// report's own. Functions grow by steps, and the load of those that were started varies.
func Recorded(r reporters.Report, n int) reporters.Report {
	var all []reporters.Recorded
	now := reporters.SizesOf(r)
	for i := range n {
		p := reporters.Recorded{
			Commit: fmt.Sprintf("%08x%032d", 0x9e3779b9*uint32(i+1), i), Subject: fmt.Sprintf("change number %d", i),
			Time: time.Date(2026, 8, 1+i, 12, 0, 0, 0, time.UTC),
		}
		sizes := map[string]reporters.RecordedSize{}
		for at, f := range r.Functions {
			size, ok := now[f.ID]
			if !ok || i < at%n/2 && at < 10 { // the first functions came one after another
				continue
			}
			left := int64(n - 1 - i)
			size.Zip -= size.Zip / 400 * (left / int64(2+at%5))
			size.Unzipped -= size.Unzipped / 400 * (left / int64(2+at%5))
			if size.Load > 0 {
				size.Load += left * 700 * int64(1-2*(i%2))
			}
			sizes[f.ID] = size
		}
		p.Functions = reporters.NewSizes(sizes, reporters.Sizes{})
		all = append(all, p)
	}
	return reporters.WithHistory(r, all, all[n-1].Commit)
}
