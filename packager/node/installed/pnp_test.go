package installed

import (
	_ "embed"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

//go:embed testdata/pnp.data.json
var pnpData string

// The three shapes that Yarn has written its manifest in hold the same.
func TestPnP(t *testing.T) {
	quoted := strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(pnpData), `'`, `\'`), "\n", "\\\n")
	inlined := "const RAW_RUNTIME_STATE =\n'" + quoted + "';\nfunction $$SETUP_STATE() {}\n"
	older := "return hydrateRuntimeState(" + pnpData + ", {basePath: 'x'});\n"
	const virtualMS = ".yarn/__virtual__/ms-virtual-1/0/cache/ms-2.1.3.zip/node_modules/ms"
	for name, text := range map[string]string{".pnp.data.json": pnpData, ".pnp.cjs": inlined, ".pnp.js": older} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		p := readPnP(projectfs.New(dir, projectfs.Allowances{}), dir)
		if p == nil {
			t.Errorf("%s is not understood", name)
			continue
		}
		for _, test := range []struct{ from, name, want string }{
			{"src/deep", "ms", ".yarn/cache/ms-2.0.0.zip/node_modules/ms"},
			{".", "renamed", virtualMS},
			{virtualMS + "/lib", "ms", ".yarn/cache/ms-2.0.0.zip/node_modules/ms"},
			{".", "peer", ""}, {".", "nobody", ""},
			{".", "top", ".yarn/unplugged/top/node_modules/top"},
			{".", "pooled", "../cache/pooled.zip/node_modules/pooled"},
			{"../cache/pooled.zip/node_modules/pooled", "top", ".yarn/unplugged/top/node_modules/top"},
			{"strict/src", "top", ""}, {"strict", "pooled", ""},
		} {
			want := ""
			if test.want != "" {
				want = filepath.Join(dir, filepath.FromSlash(test.want))
			}
			if got, known := p.find(filepath.Join(dir, filepath.FromSlash(test.from)), test.name); got != want || !known {
				t.Errorf("%s: %s from %s is %q, want %q", name, test.name, test.from, got, want)
			}
		}
		if _, known := p.find(filepath.Dir(filepath.Dir(dir)), "ms"); known {
			t.Errorf("%s: a folder of nobody's is known", name)
		}
	}
}

func FuzzPnP(f *testing.F) {
	f.Add([]byte(pnpData), "src", "ms")
	f.Add([]byte("RAW_RUNTIME_STATE =\n'{\\\n\"packageRegistryData\": [[null, []]]}'"), "", "a")
	f.Add([]byte("hydrateRuntimeState({})"), "", "")
	f.Fuzz(func(t *testing.T, text []byte, from, name string) {
		defer inputtest.Bound(t)()
		if p := parsePnP("/root", pnpState(text)); p != nil {
			p.find(filepath.Join("/root", from), name)
			p.owns(filepath.Join("/", from))
		}
		devirtualised("/" + from)
		ShownPath(name)
	})
}
