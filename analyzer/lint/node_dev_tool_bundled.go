package lint

import (
	"maps"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// devTools are packages that develop, test or build programs.
var devTools = map[string]string{
	"typescript": "a compiler", "ts-node": "a compiler", "@swc/core": "a compiler", "@babel/core": "a compiler", "esbuild": "a bundler", "webpack": "a bundler",
	"rollup": "a bundler", "vite": "a bundler", "jest": "a test runner", "mocha": "a test runner", "vitest": "a test runner", "ava": "a test runner",
	"chai": "a library for tests", "sinon": "a library for tests", "nock": "a library for tests", "aws-sdk-client-mock": "a library for tests",
	"supertest": "a library for tests", "eslint": "a linter", "prettier": "a formatter", "nodemon": "a tool for development", "serverless": "a tool for deployment",
	"serverless-offline": "a tool for development", "aws-cdk-lib": "a library for deployment", "aws-cdk": "a tool for deployment", "concurrently": "a tool for development",
	"@faker-js/faker": "a library for tests",
}

// smallestTool is the size from which a tool counts, in bytes before they are zipped:
// smaller parts of it, such as its types' helpers, may be meant.
const smallestTool = 16 << 10

// devToolBundled finds tools of developers in the bundle.
func (f *function) devToolBundled() {
	inputs, bytes := map[string][]int{}, map[string]int64{}
	for i, in := range f.Inputs {
		if devTools[in.Package] != "" && i < len(f.Bytes) && f.Bytes[i] > 0 {
			inputs[in.Package], bytes[in.Package] = append(inputs[in.Package], i), bytes[in.Package]+f.Bytes[i]
		}
	}
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		if bytes[name] < smallestTool || f.runs(name) {
			continue
		}
		f.found = append(f.found, Advice{
			Diagnostic: analyzer.Diagnostic{
				Code: f.code, Severity: analyzer.Note, Message: name + ", " + devTools[name] + ", is in the bundle",
				Hint: "import only what a request needs; featherpack why prints the chain that leads to it",
			},
			Package: name, Inputs: inputs[name], Source: bestPractices, BehaviourChanges: "code that runs the tool at run time fails",
		})
	}
}

// runs reports whether the handler itself calls a tool: then it is what the function is for.
func (f *function) runs(tool string) bool {
	return slices.ContainsFunc(f.invoked(), func(n invoked) bool {
		if n.Kind != js.Call && n.Kind != js.New {
			return false
		}
		module, _ := exportOf(n.X)
		return js.PackageName(module) == tool
	})
}
