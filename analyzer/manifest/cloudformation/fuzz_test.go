package cloudformation_test

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

func FuzzTemplate(f *testing.F) {
	manifesttest.Fuzz(f, "template.yaml", manifesttest.Files{
		"f.ts": "", "src/g.js": "", "Makefile": "build-G:\n\tgo build -o x ./cmd/a\n", "cmd/a/main.go": manifesttest.GoMain,
	},
		"Parameters: {S: {Default: dev}}\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"+
			"    Properties: {Runtime: nodejs22.x, Handler: !Sub 'f.${S}', CodeUri: .}\n",
		"Globals: {Function: {Runtime: provided.al2023}}\nResources:\n  G:\n    Type: AWS::Serverless::Function\n"+
			"    Metadata: {BuildMethod: makefile}\n    Properties: {Handler: bootstrap}\n",
		"Conditions: {C: !And [!Equals [a, !Ref P], !Not [!Condition C]]}\nMappings: {M: {a: {b: f.h}}}\nResources:\n"+
			"  F:\n    Type: AWS::Lambda::Function\n    Condition: C\n"+
			"    Properties: {Code: src, Runtime: nodejs22.x, Handler: !If [C, !FindInMap [M, a, b], !Join ['.', [g,"+
			" !Select [0, !Split [',', 'h,i']]]]]}\n",
		"Resources:\n  F:\n    Type: AWS::Serverless::Function\n"+
			"    Metadata: {BuildMethod: esbuild, BuildProperties: {EntryPoints: [src/g.js], Minify: false, Banner:"+
			" ['js=x'], Loader: ['.a=text']}}\n    Properties: {Runtime: nodejs22.x, Handler: g.h}\n",
	)
}
