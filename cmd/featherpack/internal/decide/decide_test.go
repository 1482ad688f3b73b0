package decide_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

func TestMain(m *testing.M) { clitest.Main(m) }

// A program that has much to compile gets compiled code by its decision, and ships
// without it as soon as it changes. One that has nothing to compile ships without it.
func TestCompiledDecide(t *testing.T) {
	clitest.SkipUnlessLong(t)
	dir := t.TempDir()
	var large strings.Builder
	for i := range 6000 {
		large.WriteString("exports.f" + strings.Repeat("x", i%90) + " = function (a, b) { const c = a + b; if (c > " +
			strings.Repeat("9", 1+i%9) + ") { return [c, a, b].map((d) => d * c).filter(Boolean) } return { c, a, b } };\n" +
			"exports.f" + strings.Repeat("x", i%90) + "(1, 2);\n")
	}
	files := map[string]string{
		"featherpack.yaml": "functions:\n  large: {entry: large.js, runtime: nodejs22.x, memory: 512}\n" +
			"  small: {entry: small.js, runtime: nodejs22.x, memory: 512}\nbuild: {codeCache: auto, minify: false}\n",
		"large.js": large.String() + "exports.handler = async () => Object.keys(exports).length;\n",
		"small.js": "exports.handler = async () => 1;\n",
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range files {
		write(name, text)
	}
	stdout := clitest.Must(t, "boot", "--decide-cache", dir)
	decided := string(clitest.Read(t, filepath.Join(dir, "featherpack.cache.json")))
	if !regexp.MustCompile(`large: (loaded|trimmed|compiled): load `).MatchString(stdout) ||
		!strings.Contains(stdout, "small: off: it does not pay") || strings.Count(decided, `"mode": "off"`) != 1 {
		t.Errorf("%s\n%s", stdout, decided)
	}
	built := clitest.Must(t, "build", "--verbose", "--out", filepath.Join(t.TempDir(), "out"), dir)
	if strings.Count(built, "(compiled code)") != 1 || !strings.Contains(built, "codeCache=auto, for Node v22") {
		t.Errorf("%s", built)
	}
	write("large.js", files["large.js"]+"exports.more = 1;\n")
	if built = clitest.Must(t, "build", "--verbose", "--out", filepath.Join(t.TempDir(), "out"), dir); strings.Contains(built,
		"(compiled code)") {
		t.Errorf("%s", built)
	}
}
