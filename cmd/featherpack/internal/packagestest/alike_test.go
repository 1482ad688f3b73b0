package packagestest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// alike are functions whose plans grow: code that they reach reads names, or is edited.
var alike = regexp.MustCompile(`^  ((?:ajv|apollo-server|archiver|azure-storage-blob|bullmq|class-validator|dd-trace|exceljs|` +
	`google-cloud-pubsub|google-cloud-storage|handlebars|ioredis|jose|jsdom|koa|lodash|mongodb|mongoose|nestjs|node-fetch|` +
	`nunjucks|pdf-parse|pg|prom-client|sequelize|ssh2|typeorm|winston|yargs)): \{entry: functions/([\w.-]+?)(\.\w+),`)

// A function that has a twin with the same imports is built once from its first plan, and the
// other one begins with the plan that this has grown to. Both become the same. .ci/long takes
// all of the packages, .ci/run a ninth.
func TestPackagesAlike(t *testing.T) {
	clitest.SkipUnlessLong(t) // installs 1.3 GB
	source := clitest.Testdata(t, "apps", "packages")
	clitest.Install(t, source)
	work := t.TempDir()
	dir, out := filepath.Join(work, "packages"), filepath.Join(work, "out")
	clitest.Copy(t, source, dir)
	settings := filepath.Join(dir, "featherpack.yaml")
	all := os.Getenv("FEATHERPACK_TWINS") == "all"
	var lines, names []string
	found := 0
	for line := range strings.Lines(string(clitest.Read(t, settings))) {
		m := alike.FindStringSubmatch(line)
		if m == nil {
			if !strings.HasPrefix(line, "  ") {
				lines = append(lines, line)
			}
			continue
		}
		if found++; found%9 != 0 && !all {
			continue
		}
		name, entry, twin := m[1], m[2]+m[3], m[2]+"-twin"+m[3]
		names = append(names, name)
		clitest.Write(t, filepath.Join(dir, "functions", twin), string(clitest.Read(t, filepath.Join(dir, "functions", entry))))
		lines = append(lines, line, strings.NewReplacer("  "+name+":", "  "+name+"-twin:", "/"+entry, "/"+twin).Replace(line))
	}
	if found < 25 {
		t.Fatalf("only %d of the functions are there, the last is %s", found, names[len(names)-1])
	}
	clitest.Write(t, settings, strings.Join(lines, ""))
	clitest.Must(t, "build", "--quiet", "--compress=fast", "--sourcemap=none", "--cache=off", "--out", out, dir)
	for _, name := range names {
		twin := clitest.Zip(t, filepath.Join(out, name+"-twin.zip"))
		for at, entry := range clitest.Zip(t, filepath.Join(out, name+".zip")) {
			other, found := twin[strings.Replace(at, "functions/"+name, "functions/"+name+"-twin", 1)]
			if !found {
				other = twin[at]
			}
			named := func(content []byte) string { return strings.ReplaceAll(string(content), "-twin", "") }
			if named(entry.Content) != named(other.Content) {
				t.Errorf("%s: %s differs from that of its twin", name, at)
			}
		}
	}
}
