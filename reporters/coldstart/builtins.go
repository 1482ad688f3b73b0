package coldstart

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// builtInTable is what loading Node's own modules costs, by the major version.
// testdata/bench/builtins.py measures it.
type builtInTable struct {
	Date  string `json:"date"`
	Nodes map[string]struct {
		Version string                 `json:"version"`
		Modules map[string]builtInCost `json:"modules"`
	} `json:"nodes"`
}

// builtInCost is the CPU of loading a module in ms, without that of Loads, the others that
// it loads.
type builtInCost struct {
	Millis float64  `json:"ms"`
	Loads  []string `json:"loads"`
}

//go:embed builtins.json
var builtInCosts []byte

// builtIns is the embedded table.
var builtIns = sync.OnceValue(func() (t builtInTable) {
	if err := json.Unmarshal(builtInCosts, &t); err != nil {
		panic(fmt.Sprintf("coldstart: builtins.json: %v", err)) // a test reads it
	}
	return t
})

// builtInMillis is what loading some of Node's own modules costs locally, in ms. A runtime
// that was not measured has the costs of Node 22.
func builtInMillis(names []string, runtime string) (sum float64) {
	if len(names) == 0 {
		return 0
	}
	nodes := builtIns().Nodes
	node, known := nodes[strings.TrimSuffix(strings.TrimPrefix(runtime, "nodejs"), ".x")]
	if !known {
		node = nodes["22"]
	}
	loaded := map[string]bool{}
	var load func(names []string)
	load = func(names []string) {
		for _, name := range names {
			if !loaded[name] {
				loaded[name] = true
				sum += node.Modules[name].Millis
				load(node.Modules[name].Loads)
			}
		}
	}
	load(names)
	return sum
}
