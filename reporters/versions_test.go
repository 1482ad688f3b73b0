package reporters

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVersionPairs(t *testing.T) {
	rows := func(versions ...string) (list []PackageBytes) {
		for i, v := range versions {
			list = append(list, PackageBytes{Name: "x", Version: v, Unzipped: int64(100 + i), Zipped: 10})
		}
		return list
	}
	for name, test := range map[string]struct {
		before, after []PackageBytes
		want          []string
	}{
		"new":        {nil, rows("1"), []string{"new -1"}},
		"gone":       {rows("1"), nil, []string{"removed 1-"}},
		"same":       {rows("1"), rows("1"), nil},
		"moved":      {rows("1"), rows("2"), []string{"moved 1-2"}},
		"one more":   {rows("1"), rows("1", "2"), []string{"duplicate -2"}},
		"one less":   {rows("1", "2"), rows("1"), []string{"removed 2-"}},
		"two to one": {rows("1", "2"), rows("3"), []string{"moved 1-3", "removed 2-"}},
		"both moved": {rows("1", "2"), rows("3", "4"), []string{"moved 1-3", "moved 2-4"}},
		"one of two": {rows("1", "2"), rows("1", "3"), []string{"moved 2-3"}},
		"two new":    {nil, rows("1", "2"), []string{"duplicate -2", "new -1"}},
	} {
		var got []string
		for _, d := range comparePackages(test.before, test.after) {
			got = append(got, d.Kind+" "+d.From+"-"+d.To)
		}
		slices.Sort(got)
		slices.Sort(test.want)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
