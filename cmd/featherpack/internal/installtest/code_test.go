package installtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// refused is the exit status of an unsafe project.
const refused = 3

// The repository cannot make a real package manager run its code, unless
// --allow-install-code is given. That each package manager does run it then shows that
// the attack is one.
func TestInstallRunsNoCode(t *testing.T) {
	clitest.SkipUnlessLong(t)
	if testing.Short() {
		t.Skip("installs package managers")
	}
	managers := installManagers(t)
	const js = "require('fs').appendFileSync(process.env.RAN, 'x')\n"
	for _, c := range []struct {
		name, layout string
		files        map[string]string
		status       int
		says         string
	}{
		{"yarn-path", "yarn-classic", map[string]string{
			".yarnrc": "yarn-path \"./evil.js\"\n", "evil.js": js, "yarn.lock": "# yarn lockfile v1\n",
		}, refused, ".yarnrc:1:1: the repository names code that --install would run: yarn-path names a program to run"},
		{"yarnPath", "yarn-node-modules", map[string]string{
			".yarnrc.yml": "nodeLinker: node-modules\nyarnPath: ./evil.cjs\n", "evil.cjs": js,
		}, refused, ".yarnrc.yml:2:1: the repository names code that --install would run: yarnPath names a program to run"},
		{"plugins of Yarn", "yarn-node-modules", map[string]string{
			".yarnrc.yml": "nodeLinker: node-modules\nplugins: [./evil.cjs]\n",
			"evil.cjs":    "module.exports = {name: 'evil', factory: () => { " + js + " return {} }}",
		}, refused, ".yarnrc.yml:2:1: the repository names code that --install would run: plugins loads code into Node"},
		{"a pnpmfile", "pnpm", map[string]string{".pnpmfile.cjs": js}, clitest.Good, ""},
		{"a named pnpmfile", "pnpm", map[string]string{
			"pnpm-workspace.yaml": "pnpmfile: ./evil.cjs\n", "evil.cjs": js,
		}, refused, "pnpm-workspace.yaml:1:1: the repository names code that --install would run: pnpmfile loads code into Node"},
		{"git of npm", "npm", map[string]string{
			".npmrc": "git=./evil.sh\n", "evil.sh": "#!/bin/sh\necho x >> \"$RAN\"\nexec git \"$@\"\n", "git": "yes",
		}, refused, ".npmrc:1:1: the repository names code that --install would run: git names a program to run"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("PATH", filepath.Join(managers, "of", c.layout)+string(os.PathListSeparator)+os.Getenv("PATH"))
			dir, ran := t.TempDir(), filepath.Join(t.TempDir(), "ran")
			manifest := `{"name": "project", "private": true}`
			if c.files["git"] != "" {
				delete(c.files, "git")
				manifest = `{"name": "project", "private": true, "dependencies": {"dep": "git+file://` + repository(t) + `"}}`
			}
			for name, text := range map[string]string{
				".git/HEAD": "", "package.json": manifest, "a.js": "exports.handler = async () => 1",
				"featherpack.yaml": "functions: {a: {entry: a.js, runtime: nodejs22.x}}\n",
			} {
				clitest.Write(t, filepath.Join(dir, filepath.FromSlash(name)), text)
			}
			if strings.HasPrefix(c.layout, "yarn-node") {
				clitest.Write(t, filepath.Join(dir, ".yarnrc.yml"), "nodeLinker: node-modules\nenableTelemetry: false\n")
				clitest.Write(t, filepath.Join(dir, "yarn.lock"), "")
			}
			lock := map[string][]string{
				"npm":               {"npm", "install", "--package-lock-only", "--ignore-scripts"},
				"pnpm":              {"pnpm", "install", "--lockfile-only", "--ignore-scripts"},
				"yarn-node-modules": {"yarn", "install", "--no-immutable", "--mode=skip-build"},
			}[c.layout]
			if lock != nil {
				lockIn(t, dir, lock)
			}
			for name, text := range c.files {
				clitest.WriteMode(t, filepath.Join(dir, name), text, 0o755)
			}
			t.Setenv("RAN", ran)
			r := clitest.Run(t, "build", "--install", "--quiet", dir)
			if r.Status != c.status || !strings.Contains(r.Stderr, c.says) {
				t.Errorf("exit status %d, want %d\n%s", r.Status, c.status, r.Stderr)
			}
			if clitest.Exists(ran) {
				t.Error("the repository's code was run")
			}
			os.RemoveAll(filepath.Join(dir, "node_modules"))
			clitest.Run(t, "build", "--install", "--allow-install-code", "--quiet", dir)
			if !clitest.Exists(ran) {
				t.Error("with --allow-install-code, the repository's code was not run")
			}
		})
	}
}

// A package that npm builds from a git repository cannot bring settings of its own that
// make npm run code.
func TestInstallBuildsNoGitPackage(t *testing.T) {
	clitest.SkipUnlessLong(t)
	if testing.Short() {
		t.Skip("installs a package")
	}
	ran := filepath.Join(t.TempDir(), "ran")
	t.Setenv("RAN", ran)
	dep := repository(t)
	dir := t.TempDir()
	for name, text := range map[string]string{
		".git/HEAD": "", "a.js": "exports.handler = async () => require('dep')",
		"package.json":     `{"name": "project", "private": true, "dependencies": {"dep": "git+file://` + dep + `"}}`,
		"featherpack.yaml": "functions: {a: {entry: a.js, runtime: nodejs22.x}}\n",
	} {
		clitest.Write(t, filepath.Join(dir, filepath.FromSlash(name)), text)
	}
	lockIn(t, dir, []string{"npm", "install", "--package-lock-only", "--ignore-scripts"})
	os.Remove(ran) // making the lockfile may have run it
	t.Setenv("npm_config_cache", t.TempDir())
	clitest.Must(t, "build", "--install", "--quiet", dir)
	if clitest.Exists(ran) {
		t.Error("the code of the package was run")
	}
	os.RemoveAll(filepath.Join(dir, "node_modules"))
	t.Setenv("npm_config_cache", t.TempDir())
	clitest.Run(t, "build", "--install", "--allow-install-code", "--quiet", dir)
	if !clitest.Exists(ran) {
		t.Error("with --allow-install-code, the code of the package was not run")
	}
}

// repository makes a git repository of a package with scripts, and with settings that
// name programs.
func repository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	const run = "echo x >> \\\"$RAN\\\""
	for name, text := range map[string]string{
		"package.json": `{"name": "dep", "version": "1.0.0", "scripts": {"prepare": "` + run + `", "install": "` + run +
			`"}, "devDependencies": {"other": "git+file://` + dir + `/other"}}`,
		"index.js":           "module.exports = 1",
		".npmrc":             "git=./evil.sh\nnode-options=--require ./evil.js\n",
		"evil.sh":            "#!/bin/sh\necho x >> \"$RAN\"\nexec git \"$@\"\n",
		"evil.js":            "require('fs').appendFileSync(process.env.RAN, 'x')",
		"other/package.json": `{"name": "other", "version": "1.0.0", "scripts": {"prepare": "` + run + `"}}`,
	} {
		clitest.WriteMode(t, filepath.Join(dir, filepath.FromSlash(name)), text, 0o755)
	}
	for _, at := range []string{filepath.Join(dir, "other"), dir} {
		for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"-c", "user.name=a", "-c", "user.email=a@example.org",
			"commit", "-q", "-m", "one"}} {
			cmd := exec.Command("git", args...)
			cmd.Dir = at
			if text, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("git %s: %v\n%s", args, err, text)
			}
		}
	}
	return dir
}
