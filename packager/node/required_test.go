package node

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/packager"
)

// A library asks for a package that it does not list. What is then true of the
// function holds whether the library is in the bundle or stays as files: of each
// example, bundled is said with the package among the project's development
// dependencies, missing without it, and as-files when the library ships as files
// besides.
func TestUnlistedRequires(t *testing.T) {
	const x = "-- node_modules/x/package.json --\n{\"name\": \"x\"}\n-- node_modules/x/index.js --\nmodule.exports = 'x'\n"
	tracer := withTracer[:strings.Index(withTracer, "-- node_modules/pg/")]
	for _, e := range examples(t, "unlisted") {
		t.Run(e.name, func(t *testing.T) {
			b := build(t, e.archive+x)
			if got := reportedOf(b); got != e.want["bundled"] {
				t.Errorf("reported %q, want %q", got, e.want["bundled"])
			}
			if got := ask(t, b); got != e.want["answer"] {
				t.Errorf("the bundle answered %s, want %s", got, e.want["answer"])
			}
			if got := reportedOf(build(t, e.archive)); got != e.want["missing"] {
				t.Errorf("not installed: reported %q, want %q", got, e.want["missing"])
			}
			traced := strings.Replace(e.archive, "-- fn.js --\n", "-- fn.js --\nrequire('dd-trace')\n", 1) + tracer
			if got := reportedOf(build(t, traced)); got != e.want["as-files"] {
				t.Errorf("not installed and as files: reported %q, want %q", got, e.want["as-files"])
			}
		})
	}
}

// reportedOf is what a build says of a function, without the remedies.
func reportedOf(b packager.Bundle) string {
	var reported []string
	for _, d := range b.Diagnostics {
		reported = append(reported, string(d.Severity)+": "+d.Message)
	}
	return strings.Join(reported, "; ")
}
