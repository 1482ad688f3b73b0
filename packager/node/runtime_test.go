package node

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// What the runtime or a layer provides stays out of the bundle, and the report says so.
func TestProvidedElsewhere(t *testing.T) {
	sdk := "-- fn.mjs --\nimport { S3Client } from '@aws-sdk/client-s3'\nexport const handler = async () => S3Client\n"
	layer := "-- fn.js --\nconst { x } = require('/opt/nodejs/shared')\nexports.handler = async () => x\n"
	listed := sdk + "-- package.json --\n{\"dependencies\": {\"@aws-sdk/client-s3\": \"3\"}}\n"
	library := "-- fn.js --\nexports.handler = async () => require('powertools')\n-- node_modules/powertools/package.json --\n" +
		"{\"main\": \"index.js\", \"peerDependencies\": {\"@aws-sdk/client-ssm\": \"3\"}}\n-- node_modules/powertools/index.js --\n" +
		"module.exports = require('@aws-sdk/client-ssm')\n"
	tested := strings.Replace(library, "\"peerDep", "\"devDependencies\": {\"@aws-sdk/client-ssm\": \"3\"}, \"peerDep", 1)
	for _, test := range []struct {
		name, archive, sdk string
		layers, external   []string
		want               string
	}{
		{"not installed", sdk, "", nil, nil, "note: @aws-sdk/client-s3 is not installed: the runtime's copy is used, whose version changes with the runtime"},
		{"to be bundled", sdk, "bundle", nil, nil, `error: cannot resolve "@aws-sdk/client-s3"`},
		{"listed", listed, "", nil, nil, `error: cannot resolve "@aws-sdk/client-s3"`},
		{"left to the runtime", listed, "runtime", nil, nil, ""},
		{"a library's peer", library, "", nil, nil, "note: @aws-sdk/client-ssm is not installed: the runtime's copy is used, whose version changes with the runtime"},
		{"a library's peer, which it tests with", tested, "", nil, nil, "note: @aws-sdk/client-ssm is not installed: the runtime's copy is used, whose version changes with the runtime"},
		{"a library's peer, left to the runtime", library, "runtime", nil, nil, ""},
		{"in a layer", layer, "", []string{"shared"}, nil, `note: "/opt/nodejs/shared" is expected in a layer`},
		{"in a layer that is added elsewhere", layer, "", nil, []string{"/opt/*"}, `note: "/opt/nodejs/shared" is expected in a layer`},
		{"in no layer", layer, "", nil, nil, `error: "/opt/nodejs/shared" is in a layer, but the function has none`},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := build(t, test.archive, func(f *analyzer.Function) {
				f.Build.SDK, f.Layers, f.Build.External = test.sdk, test.layers, test.external
			})
			if got := reportedOf(b); got != test.want {
				t.Errorf("reported %q, want %q", got, test.want)
			}
			if len(b.Files) > 0 && !strings.Contains(string(b.Files[0].Content), `"@aws-sdk/client-`) && !strings.Contains(string(b.Files[0].Content), `"/opt/`) {
				t.Errorf("nothing is left to be loaded:\n%s", b.Files[0].Content)
			}
		})
	}
}
