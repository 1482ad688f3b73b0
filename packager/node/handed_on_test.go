package node

import (
	"fmt"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// modules is an archive of that many modules in a folder, each with its number.
func modules(dir string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "-- %s/m%d.js --\nmodule.exports = %d\n", dir, i, i)
	}
	return b.String()
}

// A name that may mean more than a thousand modules means all of them.
func TestManyModulesOfAComputedName(t *testing.T) {
	if testing.Short() {
		t.Skip("bundles 1,200 modules")
	}
	b := build(t, "-- fn.js --\nexports.handler = async () => require('icons')('m1199')\n"+
		"-- node_modules/icons/package.json --\n{\"name\": \"icons\"}\n"+
		"-- node_modules/icons/index.js --\nmodule.exports = n => require('./svg/' + n)\n"+
		modules("node_modules/icons/svg", 1200), func(*analyzer.Function) {})
	if got := ask(t, b); got != "1199" {
		t.Errorf("answered %s", got)
	}
}
