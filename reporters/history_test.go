package reporters_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/sample"
)

func TestWithHistory(t *testing.T) {
	r := sample.Shop(t).Report()
	var all []reporters.Recorded
	for i, zip := range []int64{100, 100, 100, 150, 150, 90, 90, 90} {
		sizes := map[string]reporters.RecordedSize{"orders": {Zip: zip, Unzipped: 3 * zip}, "gone": {Zip: 1}}
		if i == 3 {
			sizes["users"] = reporters.RecordedSize{Zip: 5, Load: 7000}
		}
		all = append(all, reporters.Recorded{
			Commit: fmt.Sprint("c", i), Time: time.Unix(int64(i), 0),
			Functions: reporters.NewSizes(sizes, reporters.Sizes{}),
		})
	}
	h := reporters.WithHistory(r, all, "c7").History
	if got := fmt.Sprint(h.Current, len(h.Commits), h.Commits[1]); got != "7 8 {c1 1970-01-01T00:00:01Z }" {
		t.Error(got)
	}
	// Only the ends of a level are kept, and functions that are gone are not.
	if got, want := fmt.Sprint(h.Functions), "[{orders [0 2 3 4 5 7] [100 100 150 150 90 90] [300 300 450 450 270 270] []} {users [3] [5] [0] [7000]}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if h := reporters.WithHistory(r, nil, "").History; h != nil {
		t.Error("there is a history of nothing")
	}
	if h := reporters.WithHistory(r, all, "").History; h.Current != -1 {
		t.Error("a commit that was not recorded is", h.Current)
	}
	for range reporters.MaxHistory {
		all = append(all, all[7])
	}
	if h := reporters.WithHistory(r, all, "").History; len(h.Commits) != reporters.MaxHistory || len(h.Functions) != 1 {
		t.Errorf("%d commits, %d functions", len(h.Commits), len(h.Functions))
	}
}
