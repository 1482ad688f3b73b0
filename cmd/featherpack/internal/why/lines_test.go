package why

import "testing"

func TestTypeOnly(t *testing.T) {
	for statement, want := range map[string]bool{
		"import type { A } from ":                               true,
		"export type { A } from ":                               true,
		"import type A from ":                                   true,
		"import type * as A from ":                              true,
		"import x from 'y'\nimport type {\n  A,\n  B,\n} from ": true,
		"import { type A } from ":                               false,
		"import type from ":                                     false,
		"import A from ":                                        false,
		"import type { A } from 'a'\nimport b from ":            false,
	} {
		if got := typeOnly.MatchString(statement); got != want {
			t.Errorf("%q: %v, want %v", statement, got, want)
		}
	}
}
