package installtest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
)

// layout is a package manager's layout of one project's packages on disk. It is a folder
// of testdata/layouts with the package manager's files beside package.json.
type layout struct {
	name string
	// manager and version are the program that installs it, from npm itself;
	// empty is the machine's npm. bin is its script in that package.
	manager, version, bin string
	// holds is a path that only this layout has after the installation.
	holds string
	// long leaves the layout to clitest.Long in TestLayouts.
	long bool
}

var layouts = []layout{
	{name: "npm", holds: "node_modules/@layouts/greeting"},
	{name: "pnpm", manager: "pnpm", version: "12.21.0", bin: "pnpm", holds: "node_modules/.pnpm"},
	{name: "yarn-classic", manager: "yarn", version: "1.22.22", bin: "bin/yarn.js",
		holds: "node_modules/.yarn-integrity", long: true},
	{name: "yarn-node-modules", manager: "@yarnpkg/cli-dist", version: "4.18.1", bin: "bin/yarn.js",
		holds: "node_modules/.yarn-state.yml", long: true},
	{name: "yarn-pnp", manager: "@yarnpkg/cli-dist", version: "4.18.1", bin: "bin/yarn.js", holds: ".pnp.cjs"},
	// Yarn's default is a cache outside the project, which projects share.
	{name: "yarn-pnp-shared", manager: "@yarnpkg/cli-dist", version: "4.18.1", bin: "bin/yarn.js", holds: ".pnp.cjs",
		long: true},
}

// TestLayouts installs one workspace with every package manager from its lockfile,
// builds it, removes the project and starts the zip. The layout must not affect the
// answer, the bytes of the zip, the licences, or the packages' names, versions and
// shares.
func TestLayouts(t *testing.T) {
	clitest.SkipUnlessLong(t)
	if testing.Short() {
		t.Skip("installs a project six times")
	}
	managers := installManagers(t)
	event := []byte(`{"query": "name=ann&a[b]=c", "graphql": "{ me { friend { friend { name } } } }"}`)
	answer := []byte(`{"greeting": "hello, ann, after 2m", "rest": {"page": "1", "a": {"b": "c"}}, "wait": 120000,
		"tooDeep": ["'' exceeds maximum operation depth of 1"]}`)
	var zip, licences []byte
	var packages map[string]reporters.PackageBytes
	for _, l := range layouts {
		t.Run(l.name, func(t *testing.T) {
			if l.long {
				clitest.SkipUnlessLong(t)
			}
			t.Setenv("PATH", filepath.Join(managers, "of", l.name)+string(os.PathListSeparator)+os.Getenv("PATH"))
			work := t.TempDir()
			project, out := filepath.Join(work, "project"), filepath.Join(work, "out")
			t.Setenv("YARN_GLOBAL_FOLDER", filepath.Join(work, "shared-by-projects"))
			layOut(t, project, l.name)
			r := clitest.Run(t, "build", "--install", "--out", out, "--json", project)
			if r.Status != clitest.Good || r.Stderr != "" {
				t.Fatalf("exit status %d\n%s", r.Status, r.Stderr)
			}
			if !clitest.Exists(filepath.Join(project, filepath.FromSlash(l.holds))) {
				t.Fatalf("there is no %s: another package manager installed the packages", l.holds)
			}
			installedOnce(t, project)
			found := manifest.Discover(project, manifest.Options{})
			if err := os.Rename(project, filepath.Join(work, "away")); err != nil {
				t.Fatal(err)
			}
			got := boot.Check(t.Context(), filepath.Join(out, "services", "hello", "hello.zip"), found.Functions[0],
				boot.Options{Event: event, OtherArchitecture: true})
			if got.Status != boot.Answers || !clitest.SameJSON(got.Answer, answer) {
				t.Fatalf("%s %s: %+v\n%s", got.Status, got.Answer, got.Error, got.Logs)
			}

			if strings.Contains(r.Stdout, "shared-by-projects") {
				t.Error("the report tells where the machine keeps its cache")
			}
			report, err := reporters.Read(strings.NewReader(r.Stdout))
			if err != nil {
				t.Fatal(err)
			}
			shares := map[string]reporters.PackageBytes{}
			for _, share := range report.Functions[0].Packages {
				shares[share.Name+"@"+share.Version] = share
			}
			for _, name := range []string{"ms@2.0.0", "ms@2.1.3", "qs@6.14.0", "graphql@16.15.0",
				"graphql-depth-limit@1.1.0"} {
				if _, ok := shares[name]; !ok {
					t.Errorf("the report lacks %s", name)
				}
			}
			gotZip, gotLicences := clitest.Read(t, filepath.Join(out, "services", "hello",
				"hello.zip")), clitest.Read(t, filepath.Join(out, "services", "hello", "hello.licenses.txt"))
			if !strings.Contains(string(gotLicences), "graphql 16.15.0 (MIT)") ||
				!strings.Contains(string(gotLicences), "Permission is hereby granted") {
				t.Error("the licences are not complete")
			}
			if zip == nil {
				zip, licences, packages = gotZip, gotLicences, shares
				return
			}
			if !bytes.Equal(zip, gotZip) {
				t.Errorf("the zip differs: %x, not %x", sha256.Sum256(gotZip), sha256.Sum256(zip))
			}
			if !bytes.Equal(licences, gotLicences) {
				t.Errorf("the licences are others:\n%s", gotLicences)
			}
			for name, want := range packages {
				if share := shares[name]; share.Unzipped != want.Unzipped || share.Zipped != want.Zipped {
					t.Errorf("%s has %d bytes, not %d", name, share.Unzipped, want.Unzipped)
				}
			}
		})
	}
}

// installedOnce tests that a second build installs nothing, by running it without a
// package manager, and that the first build left no lock.
func installedOnce(t *testing.T, project string) {
	t.Helper()
	cmd := exec.Command(clitest.Path(t), "build", "--install", "--quiet", "--out", filepath.Join(t.TempDir(), "again"),
		project)
	cmd.Env = append(os.Environ(), "PATH="+t.TempDir())
	if output, status := clitest.Outcome(t, cmd); status != clitest.Good {
		t.Errorf("a second build wants to install again: %s", output)
	}
	sum := sha256.Sum256([]byte(project))
	if name := filepath.Join(os.TempDir(),
		"featherpack-install-"+hex.EncodeToString(sum[:8])+".lock"); clitest.Exists(name) {
		t.Errorf("%s was left behind", name)
	}
}

// With every package manager, install scripts run only for the packages that
// featherpack.yaml lists.
func TestInstallScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("installs package managers")
	}
	managers := installManagers(t)
	for _, l := range layouts {
		if l.name == "yarn-pnp-shared" {
			continue // yarn-pnp with its cache elsewhere
		}
		t.Run(l.name, func(t *testing.T) {
			t.Setenv("PATH", filepath.Join(managers, "of", l.name)+string(os.PathListSeparator)+os.Getenv("PATH"))
			dir := t.TempDir()
			for _, name := range []string{"wanted", "other"} {
				tarball(t, filepath.Join(dir, name+".tgz"), map[string]string{
					"package.json": `{"name": "` + name +
						`", "version": "1.0.0", "scripts": {"install": "node make.js"}}`,
					"make.js":  `require("fs").writeFileSync(__dirname + "/made.js", "module.exports = 'made'")`,
					"index.js": `try { module.exports = require("./made.js") } catch { module.exports = "not made" }`,
				})
			}
			for name, content := range map[string]string{
				".git/HEAD": "",
				"package.json": `{"name": "project", "private": true, "dependencies": {"wanted": ` +
					`"file:./wanted.tgz", "other": "file:./other.tgz"}}`,
				"featherpack.yaml": "install: {scripts: [wanted]}\nfunctions: {a: {entry: a.js, runtime: nodejs22.x}}\n",
				"a.js":             "exports.handler = async () => [require('wanted'), require('other')]",
			} {
				clitest.Write(t, filepath.Join(dir, filepath.FromSlash(name)), content)
			}
			lock := map[string][]string{
				"npm":               {"npm", "install", "--package-lock-only", "--ignore-scripts"},
				"pnpm":              {"pnpm", "install", "--lockfile-only", "--ignore-scripts"},
				"yarn-classic":      {"yarn", "install", "--ignore-scripts", "--non-interactive"},
				"yarn-node-modules": {"yarn", "install", "--no-immutable", "--mode=skip-build"},
				"yarn-pnp":          {"yarn", "install", "--no-immutable", "--mode=skip-build"},
			}[l.name]
			if linker, berry := strings.CutPrefix(l.name, "yarn-"); berry && linker != "classic" {
				clitest.Write(t, filepath.Join(dir, ".yarnrc.yml"),
					"enableGlobalCache: false\nenableTelemetry: false\nnodeLinker: "+linker+"\n")
				clitest.Write(t, filepath.Join(dir, "yarn.lock"), "")
			}
			lockIn(t, dir, lock)
			if l.name == "yarn-pnp" { // Yarn alone can run scripts there, and wants its own approval
				const hint = `hint: add "dependenciesMeta": {"wanted": {"built": true}} and run yarn install`
				if r := clitest.Run(t, "build", "--install", "--quiet", dir); r.Status != clitest.Failed ||
					!strings.Contains(r.Stderr, hint) {
					t.Fatalf("exit status %d\n%s", r.Status, r.Stderr)
				}
				clitest.Write(t, filepath.Join(dir, "package.json"),
					`{"name": "project", "private": true, "dependencies": {"wanted": "file:./wanted.tgz", "other": `+
						`"file:./other.tgz"}, "dependenciesMeta": {"wanted": {"built": true}}}`)
				lockIn(t, dir, lock)
			}
			clitest.Must(t, "build", "--install", "--quiet", dir)
			f := manifest.Discover(dir, manifest.Options{}).Functions[0]
			got := boot.Check(t.Context(), filepath.Join(dir, outdir.Default, "a.zip"), f,
				boot.Options{Event: []byte("{}"), OtherArchitecture: true})
			if got.Status != boot.Answers || string(got.Answer) != `["made","not made"]` {
				t.Errorf("%s %s: %+v\n%s", got.Status, got.Answer, got.Error, got.Logs)
			}
			installedOnce(t, dir)
		})
	}
}

// lockIn makes a lockfile with the package manager's own command.
func lockIn(t *testing.T, dir string, command []string) {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, text)
	}
}

// tarball writes a package as npm packs it.
func tarball(t *testing.T, name string, files map[string]string) {
	t.Helper()
	var packed bytes.Buffer
	squeezed := gzip.NewWriter(&packed)
	archive := tar.NewWriter(squeezed)
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if err := archive.WriteHeader(&tar.Header{Name: "package/" + file, Mode: 0o644,
			Size: int64(len(files[file]))}); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write([]byte(files[file])); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(archive.Close(), squeezed.Close(), os.WriteFile(name, packed.Bytes(), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// installManagers installs the package managers with npm, once for all tests. It returns
// a folder with one for the PATH of each layout, because two of them are called yarn.
func installManagers(t *testing.T) string {
	t.Helper()
	dir, err := installedManagers()
	if err != nil {
		t.Fatalf("installing the package managers: %v", err)
	}
	return dir
}

var installedManagers = sync.OnceValues(func() (dir string, err error) {
	dir = filepath.Join(clitest.Shared(), "managers")
	args := []string{"install", "--prefix", dir, "--no-audit", "--no-fund"}
	for _, l := range layouts {
		if l.manager != "" {
			args = append(args, l.manager+"@"+l.version)
		}
	}
	if text, err := exec.Command("npm", args...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("%v\n%s", err, text)
	}
	for _, l := range layouts {
		path := filepath.Join(dir, "of", l.name)
		if err := os.MkdirAll(path, 0o755); err != nil {
			return "", err
		}
		if l.manager == "" {
			continue
		}
		name, _, _ := strings.Cut(filepath.Base(l.bin), ".")
		if err := os.Symlink(filepath.Join(dir, "node_modules", filepath.FromSlash(l.manager),
			filepath.FromSlash(l.bin)), filepath.Join(path, name)); err != nil {
			return "", err
		}
	}
	return dir, nil
})

// layOut copies the project, with its own git root, and then the layout's files over it.
func layOut(t *testing.T, to, name string) {
	t.Helper()
	for _, from := range []string{"project", name} {
		if err := os.CopyFS(to, os.DirFS(clitest.Testdata(t, "layouts", from))); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(to, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
}

// A package that reads its own files, but that Yarn keeps in an archive, is an error with
// a hint. The build works after following the hint.
func TestUnplugged(t *testing.T) {
	clitest.SkipUnlessLong(t)
	if testing.Short() {
		t.Skip("installs a package manager")
	}
	managers := installManagers(t)
	t.Setenv("PATH", filepath.Join(managers, "of", "yarn-pnp")+string(os.PathListSeparator)+os.Getenv("PATH"))
	dir := t.TempDir()
	for name, content := range map[string]string{
		".git/HEAD": "", ".yarnrc.yml": "enableGlobalCache: false\nenableTelemetry: false\n", "yarn.lock": "",
		"package.json":        `{"name": "project", "private": true, "dependencies": {"reader": "file:./reader"}}`,
		"reader/package.json": `{"name": "reader", "version": "1.0.0"}`,
		"reader/index.js": `exports.text = require('fs').readFileSync(require('path').join(__dirname, ` +
			`'data.txt'), 'utf8')`,
		"reader/data.txt":  "read",
		"featherpack.yaml": "functions: {a: {entry: src/a.js, runtime: nodejs22.x}}\n",
		"src/a.js":         "exports.handler = async () => require('reader').text",
	} {
		clitest.Write(t, filepath.Join(dir, filepath.FromSlash(name)), content)
	}
	yarn := func(args ...string) {
		t.Helper()
		cmd := exec.Command("yarn", args...)
		cmd.Dir = dir
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("yarn %s: %v\n%s", args, err, text)
		}
	}
	yarn("install", "--no-immutable")
	if r := clitest.Run(t, "build", dir); r.Status != clitest.Failed || !strings.Contains(r.Stderr,
		"hint: yarn unplug reader") {
		t.Fatalf("exit status %d\n%s", r.Status, r.Stderr)
	}
	yarn("unplug", "reader")
	clitest.Must(t, "build", "--quiet", dir)
	f := manifest.Discover(dir, manifest.Options{}).Functions[0]
	got := boot.Check(t.Context(), filepath.Join(dir, outdir.Default, "a.zip"), f,
		boot.Options{Event: []byte("{}"), OtherArchitecture: true})
	if got.Status != boot.Answers || string(got.Answer) != `"read"` {
		t.Fatalf("%s %s: %+v\n%s", got.Status, got.Answer, got.Error, got.Logs)
	}
}

// If the lockfile's package manager is not installed, --install reports which one is
// missing and builds nothing.
func TestInstallWithoutManager(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for lockfile, manager := range map[string]string{
		"package-lock.json": "npm", "npm-shrinkwrap.json": "npm", "pnpm-lock.yaml": "pnpm", "yarn.lock": "yarn",
	} {
		dir := t.TempDir()
		for name, content := range map[string]string{
			lockfile: "{}", "package.json": `{"dependencies": {"ms": "2.1.3"}}`,
			"featherpack.yaml": "functions: {a: a.js}\n", "a.js": "exports.handler = async () => require('ms')",
		} {
			clitest.Write(t, filepath.Join(dir, name), content)
		}
		r := clitest.Run(t, "build", "--install", dir)
		if r.Status != clitest.Failed {
			t.Errorf("%s: exit status %d", lockfile, r.Status)
		}
		want := "cannot install the packages: " + manager + " is not on the PATH\n  hint: "
		if !strings.Contains(r.Stderr, want) || strings.Contains(r.Stderr, dir) || r.Stdout != "" {
			t.Errorf("%s: %s%s", lockfile, r.Stdout, r.Stderr)
		}
		if clitest.Exists(filepath.Join(dir, outdir.Default)) {
			t.Errorf("%s: something was written", lockfile)
		}
	}
}
