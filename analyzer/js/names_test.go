package js

import "testing"

func TestPackageName(t *testing.T) {
	for specifier, want := range map[string]string{
		"lodash": "lodash", "lodash/pick": "lodash", "@aws-sdk/client-s3": "@aws-sdk/client-s3", "@a/b/c/d": "@a/b",
		"@a": "", "./x": "", "../x": "", "/x": "", "#x": "", "node:fs": "", "": "",
	} {
		if got := PackageName(specifier); got != want {
			t.Errorf("%q is of %q, want %q", specifier, got, want)
		}
	}
}

func TestBuiltin(t *testing.T) {
	for specifier, want := range map[string]bool{
		"fs": true, "node:fs": true, "node:sqlite": true, "fs/promises": true, "punycode": true,
		"punycode/": false, "process/browser": false, "lodash": false, "./fs": false,
	} {
		if got := Builtin(specifier); got != want {
			t.Errorf("%q: %v", specifier, got)
		}
	}
}
