package reporters_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/sample"
)

// at is a service whose functions lie in folders, as "ID folder name" each; its
// functions are made of the same few files.
func at(t *testing.T, functions ...[3]string) reporters.Report {
	s := sample.NewService(t)
	s.Module("src/shared.ts", 800)
	for i, f := range functions {
		s.Module("src/"+f[2]+".ts", 400, "src/shared.ts")
		s.Function(f[2], "src/"+f[2]+".ts")
		s.Built[i].Bundle.ID = f[0]
		s.Built[i].Bundle.Function.ServiceDir = f[1]
	}
	return s.Report()
}

func TestFunctionsAreMatchedByFolderAndName(t *testing.T) {
	type ids = [][3]string
	for name, test := range map[string]struct {
		base, head ids
		partial    bool
		want       map[string]string
	}{
		"an ID of an older version": {
			ids{{"orders", "services/a", "orders"}}, ids{{"services/a/orders", "services/a", "orders"}}, false,
			map[string]string{"services/a/orders": "same from orders"},
		},
		"of a choice too": {
			ids{{"orders", "services/a", "orders"}, {"users", ".", "users"}},
			ids{{"services/a/orders", "services/a", "orders"}}, true,
			map[string]string{"services/a/orders": "same from orders"},
		},
		"the older ID is another function's now": {
			ids{{"orders", "services/a", "orders"}},
			ids{{"orders", ".", "orders"}, {"services/a/orders", "services/a", "orders"}}, false,
			map[string]string{"orders": "new", "services/a/orders": "same from orders"},
		},
		"two manifests of one folder": {
			ids{{"web/orders", ".", "orders"}, {"jobs/orders", ".", "orders"}},
			ids{{"jobs/orders", ".", "orders"}, {"web/orders", ".", "orders"}}, false,
			map[string]string{"jobs/orders": "same", "web/orders": "same"},
		},
		"one of two manifests is gone": {
			ids{{"web/orders", ".", "orders"}, {"jobs/orders", ".", "orders"}}, ids{{"web/orders", ".", "orders"}}, false,
			map[string]string{"web/orders": "same", "jobs/orders": "removed"},
		},
		"a report made in another folder": {
			ids{{"orders", "app", "orders"}}, ids{{"orders", ".", "orders"}}, false,
			map[string]string{"orders": "same"},
		},
		"another folder": {
			ids{{"services/a/orders", "services/a", "orders"}}, ids{{"services/b/orders", "services/b", "orders"}}, false,
			map[string]string{"services/b/orders": "renamed from services/a/orders"},
		},
	} {
		d := reporters.Compare(at(t, test.base...), at(t, test.head...), reporters.CompareOptions{Partial: test.partial}).Delta
		if diff := cmp.Diff(test.want, statuses(d)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
