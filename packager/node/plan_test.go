package node

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
)

// The plan of a function that has grown concerns no other function, also where a later call
// of esbuild's same context links that.
func TestPlansAreApart(t *testing.T) {
	example, err := os.ReadFile("testdata/passes/computed_requires_called.txtar")
	if err != nil {
		t.Fatal(err)
	}
	_, packages, _ := strings.Cut(string(example), "-- node_modules/dates/package.json --")
	var archive strings.Builder
	fmt.Fprintf(&archive, "-- 0/fn.mjs --\nimport moment from 'moment'\nexport const handler = async () => moment(1).locale('de').format()\n")
	const functions = 2*batchSize + 1
	for i := 1; i < functions; i++ {
		fmt.Fprintf(&archive, "-- %d/fn.mjs --\nimport moment from 'moment'\nexport const handler = async () => moment(%d).format()\n", i, i)
	}
	p := project(t, archive.String()+"-- node_modules/dates/package.json --"+packages)
	together := buildAll(t, p, p.Functions)
	for i, f := range p.Functions {
		alone := buildAll(t, p, p.Functions[i:i+1])[f.ID].Files[0].Content
		if !bytes.Equal(together[f.ID].Files[0].Content, alone) {
			t.Errorf("%s has other bytes beside the other functions than alone", f.ID)
		}
		if has := bytes.Contains(alone, []byte("bonjour")); has != (i == 0) {
			t.Errorf("%s has the locales: %v", f.ID, has)
		}
	}
}
