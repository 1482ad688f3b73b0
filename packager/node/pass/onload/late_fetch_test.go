package onload

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

func TestLateFetch(t *testing.T) {
	const (
		file   = "node_modules/undici/lib/web/cookies/index.js"
		before = "const { Headers } = require('../fetch/headers')\nconst brandChecks = webidl.brandCheckMultiple([Headers, globalThis.Headers].filter(Boolean))\n"
		after  = "const { Headers } = require('../fetch/headers')\nconst brandChecks = (value) => webidl.brandCheckMultiple([Headers, globalThis.Headers].filter(Boolean))(value)\n"
	)
	for _, test := range []struct {
		file, before, after string
		process             Process
	}{
		{file, before, after, Process{Node: 20}},
		{"tools/" + file, before, after, Process{Node: 24}},
		{"src/cookies/index.js", before, before, Process{Node: 20}},
		{file, strings.Replace(before, "globalThis.Headers", "global.Headers", 1), strings.Replace(before, "globalThis.Headers", "global.Headers", 1), Process{Node: 20}},
		{file, before, before, Process{Node: 16}},
		{file, before, before, Process{Node: 20, Define: map[string]string{"Headers": "Other"}}},
		{file, before, before, Process{}},
	} {
		m := files{test.file: test.before}.Module(test.file)
		changes := Changes(m, of{files{}, test.process}, only(analyzer.LateFetch))
		if got := applied(m, changes); got != test.after {
			t.Errorf("%s, %+v: %s", test.file, test.process, got)
		}
		for _, c := range changes {
			if c.Global != "Headers" {
				t.Errorf("the change holds wherever %q is not set", c.Global)
			}
		}
	}
}
