package profile

import (
	"encoding/json"
	"io"
)

// The parts of a CPU profile that Chrome's developer tools read.
// Format: chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile
type (
	cpuProfile struct {
		Nodes      []cpuNode `json:"nodes"`
		StartTime  int64     `json:"startTime"`
		EndTime    int64     `json:"endTime"`
		Samples    []int     `json:"samples"`
		TimeDeltas []int64   `json:"timeDeltas"`
	}
	cpuNode struct {
		ID        int       `json:"id"`
		CallFrame callFrame `json:"callFrame"`
		HitCount  int       `json:"hitCount"`
		Children  []int     `json:"children,omitempty"`
	}
	callFrame struct {
		FunctionName string `json:"functionName"`
		ScriptID     string `json:"scriptId"`
		URL          string `json:"url"`
		LineNumber   int    `json:"lineNumber"`
		ColumnNumber int    `json:"columnNumber"`
	}
)

// CPUProfile writes the profile as Chrome's developer tools read it. A module is called by the
// module that imports it on the shortest chain. Times are in microseconds.
func CPUProfile(w io.Writer, p Profile) error {
	out := cpuProfile{Nodes: []cpuNode{{ID: 1, CallFrame: callFrame{FunctionName: "(root)", ScriptID: "0", LineNumber: -1, ColumnNumber: -1}}}, Samples: []int{}, TimeDeltas: []int64{}}
	at := map[string]int{"": 0}
	var node func(chain []string) int
	node = func(chain []string) int {
		name := chain[len(chain)-1]
		if i, known := at[name]; known {
			return i
		}
		parent := 0
		if len(chain) > 1 {
			parent = node(chain[:len(chain)-1])
		}
		i := len(out.Nodes)
		at[name] = i
		out.Nodes = append(out.Nodes, cpuNode{ID: i + 1, CallFrame: callFrame{FunctionName: name, ScriptID: "0", URL: name}})
		out.Nodes[parent].Children = append(out.Nodes[parent].Children, i+1)
		return i
	}
	rows := p.Modules
	if len(rows) == 0 {
		rows = p.Packages
	}
	for _, r := range rows {
		chain := r.Chain
		if len(chain) == 0 || chain[len(chain)-1] != r.Name {
			chain = []string{r.Name}
		}
		i := node(chain)
		micros := int64(r.Self.Millis*1000 + 0.5)
		if micros <= 0 {
			continue
		}
		out.Nodes[i].HitCount++
		// A delta is the time since the sample before: a sample at the beginning of the row's
		// time, and one at its end.
		out.Samples = append(out.Samples, i+1)
		out.TimeDeltas = append(out.TimeDeltas, 0)
		out.Samples = append(out.Samples, i+1)
		out.TimeDeltas = append(out.TimeDeltas, micros)
		out.EndTime += micros
	}
	return json.NewEncoder(w).Encode(out)
}
