package install

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// Whatever a configuration says, it is judged, and what is refused has a place in it.
func FuzzConfigs(f *testing.F) {
	for name, text := range map[string]string{
		".npmrc": "git = /bin/sh\n'script-shell'=\"a\"\n${X}=1\n", ".yarnrc": "yarn-path \"a.js\"\n--install.modules-folder /tmp",
		".yarnrc.yml": "yarnPath: a.cjs\nplugins: [*a]\n", "pnpm-workspace.yaml": "packages: ['*']\nnodeOptions: -r a\n",
		"package.json": `{"pnpm":{"node-options":"-r a","n-odeOptions":1},"packageManager":"yarn@https://a"}`,
		"yarn.lock":    "a@b:\n  resolved \"git+ssh://a\"\n  resolution: \"a@exec:b\"\n",
	} {
		f.Add(name, []byte(text))
	}
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		judge, known := configs[name]
		if !known {
			return
		}
		defer inputtest.Bound(t)()
		for _, found := range judge(name, text) {
			if found.at.File != name && found.at.File != "" || found.at.Line < 0 || found.what == "" {
				t.Errorf("%+v", found)
			}
		}
	})
}
