package node

import "testing"

// Requests in branches that lead nowhere fail where the branch runs, as in the source
// tree. What code certainly needs is an error.
func TestBranches(t *testing.T) {
	for _, e := range examples(t, "branches") {
		t.Run(e.name, func(t *testing.T) {
			b := e.bundle(t)
			if got := reportedOf(b); got != e.want["reported"] {
				t.Errorf("reported %q, want %q", got, e.want["reported"])
			}
			if e.want["answer"] != "" {
				if got := ask(t, b); got != e.want["answer"] {
					t.Errorf("answered %s, want %s", got, e.want["answer"])
				}
			}
		})
	}
}
