package packager

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// includeIn runs include for patterns in a service folder "svc" of a root with the
// given files. It returns the included files and the diagnostics.
func includeIn(t *testing.T, files map[string]string, patterns ...string) (names, told []string) {
	t.Helper()
	root := rootWith(t, files)
	in, diagnostics := include(projectfs.New(root, projectfs.Allowances{}), patterned(patterns...))
	for _, f := range in {
		names = append(names, f.Name)
		if f.Source == "" || !filepath.IsAbs(f.Source) {
			t.Errorf("%s has the source %q", f.Name, f.Source)
		}
	}
	for _, d := range diagnostics {
		if d.Hint == "" || strings.Contains(d.Message+d.Hint, root) {
			t.Errorf("diagnostic %+v", d)
		}
		told = append(told, fmt.Sprintf("%s %s %s: %s", d.Severity, d.Code, d.Position, d.Message))
	}
	return names, told
}

// rootWith creates a root with files; the content "-> target" makes a symlink.
func rootWith(t *testing.T, files map[string]string) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		full := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		target, link := strings.CutPrefix(content, "-> ")
		if link {
			err = os.Symlink(target, full)
		} else {
			err = os.WriteFile(full, []byte(content), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// patterned is a function whose patterns stand one to a line; "!" excludes.
func patterned(patterns ...string) analyzer.Function {
	f := analyzer.Function{Name: "f", ServiceDir: "svc"}
	for i, glob := range patterns {
		glob, exclude := strings.CutPrefix(glob, "!")
		f.Patterns = append(f.Patterns, analyzer.Pattern{Glob: glob, Exclude: exclude, Position: analyzer.Position{File: "m.yml", Line: i + 1}})
	}
	return f
}

// Patterns apply in order, relative to the service, and files come sorted.
func TestInclude(t *testing.T) {
	files := map[string]string{
		"svc/a.csv": "", "svc/b.csv": "", "svc/data/a.csv": "", "svc/data/deep/b.json": "", "svc/.hidden": "",
		"svc/data [1]/c.csv": "", "svc/src/index.ts": "", "other/a.csv": "",
		"svc/node_modules/left/index.js": "", "svc/node_modules/left/LICENSE": "", "svc/.git/HEAD": "",
		"svc/.featherpack/f.zip": "", "svc/.serverless/state.json": "", "svc/lib/node_modules/right/index.js": "",
	}
	for _, test := range []struct {
		name     string
		patterns []string
		want     string
	}{
		{"none", nil, ""},
		{"exclusions alone bring nothing in", []string{"!**"}, ""},
		{"one level", []string{"*.csv"}, "a.csv b.csv"},
		{"every level", []string{"**/*.csv"}, "a.csv b.csv data/a.csv data [1]/c.csv"},
		{"a folder needs its stars", []string{"data/**"}, "data/a.csv data/deep/b.json"},
		{"hidden files are files", []string{".hid*"}, ".hidden"},
		{"alternatives", []string{"data/{a.csv,deep/*.json}"}, "data/a.csv data/deep/b.json"},
		{"escaped brackets", []string{`data \[1\]/*`}, "data [1]/c.csv"},
		{"a dot before it", []string{"./a.csv"}, "a.csv"},
		{"a file once, by two patterns", []string{"a.csv", "*.csv"}, "a.csv b.csv"},
		{"the last word counts: out", []string{"data/**", "!data/deep/**"}, "data/a.csv"},
		{"the last word counts: in again", []string{"data/**", "!data/deep/**", "data/deep/b.json"}, "data/a.csv data/deep/b.json"},
		{"an exclusion before it changes nothing", []string{"!data/**", "data/a.csv"}, "data/a.csv"},
		{"no packages, no git, no artifacts by wildcard", []string{"**"}, ".hidden a.csv b.csv data/a.csv data/deep/b.json data [1]/c.csv src/index.ts"},
		{"packages where they are named", []string{"node_modules/left/**", "!**/LICENSE"}, "node_modules/left/index.js"},
		{"up and down again, inside", []string{"data/../a.csv"}, "a.csv"},
	} {
		t.Run(test.name, func(t *testing.T) {
			names, told := includeIn(t, files, test.patterns...)
			if got := strings.Join(names, " "); got != test.want || told != nil {
				t.Errorf("got  %s %q\nwant %s", got, told, test.want)
			}
		})
	}
}

func TestIncludeRefuses(t *testing.T) {
	files := map[string]string{"svc/a.csv": "", "other/a.csv": "", "svc/data/x": ""}
	for _, test := range []struct{ pattern, want string }{
		{"../other/**", `refused unsafe-path m.yml:1: the pattern "../other/**" leaves the service's folder`},
		{"..", `refused unsafe-path m.yml:1: the pattern ".." leaves the service's folder`},
		{"data/../../other/a.csv", `refused unsafe-path m.yml:1: the pattern "data/../../other/a.csv" leaves the service's folder`},
		{"*/../../other/*", `refused unsafe-path m.yml:1: the pattern "*/../../other/*" leaves the service's folder`},
		{"/etc/hosts", `refused unsafe-path m.yml:1: the pattern "/etc/hosts" leaves the service's folder`},
		{"data/[a-", `error bad-pattern m.yml:1: the pattern "data/[a-" is malformed`},
		{"a\x00b", `error bad-pattern m.yml:1: the pattern "a\x00b" is malformed`},
		{strings.Repeat("{a,b}", 11), `error bad-pattern m.yml:1: the pattern "` + strings.Repeat("{a,b}", 11) + `" expands to more than 1,024 globs`},
		{"asets/**", `warning pattern-matches-nothing m.yml:1: the pattern "asets/**" matches no file`},
	} {
		names, told := includeIn(t, files, test.pattern)
		if diff := cmp.Diff([]string{test.want}, told); diff != "" || names != nil {
			t.Errorf("%q brings %q: %s", test.pattern, names, diff)
		}
	}
	// An exclusion that matches nothing is not a mistake: it may guard against future files.
	if _, told := includeIn(t, files, "a.csv", "!tests/**"); told != nil {
		t.Errorf("an idle exclusion is told of: %q", told)
	}
}

// A secret is refused if a wildcard matches it, and packed with a warning if a pattern
// names it. No message contains any of its bytes.
func TestIncludeSecrets(t *testing.T) {
	private := "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n"
	for _, test := range []struct {
		name, content string
		secret        bool
	}{
		{".env", "P=hunter2", true}, {".env.prod", "P=hunter2", true}, {"conf/.ENV.local", "P=hunter2", true},
		{".npmrc", "hunter2", true}, {".yarnrc.yml", "hunter2", true}, {".netrc", "hunter2", true}, {".git-credentials", "hunter2", true},
		{".git/config", "hunter2", true}, {".aws/credentials", "hunter2", true},
		{"id_rsa", "hunter2", true}, {"keys/id_ed25519", "hunter2", true}, {"id_ecdsa", "hunter2", true}, {"id_rsa.pub", "hunter2", false},
		{"server.pem", private, true}, {"server.key", private, true}, {"store.p12", "hunter2", true}, {"store.pfx", "hunter2", true},
		{"late.pem", strings.Repeat("# a comment\n", 5000) + private, true},
		{"ca.pem", "-----BEGIN CERTIFICATE-----\nhunter2\n", false}, {"public.key", "-----BEGIN PUBLIC KEY-----\nhunter2\n", false},
		{"env.json", "hunter2", false}, {"environment", "hunter2", false}, {".envoy.yaml", "hunter2", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{"svc/" + test.name: test.content, "svc/a.csv": ""}
			wild := "**"
			if strings.HasPrefix(test.name, ".git/") {
				wild = ".git/**"
			}
			names, told := includeIn(t, files, "a.csv", wild)
			brought := strings.Contains(strings.Join(names, " "), test.name)
			switch {
			case !test.secret && (!brought || told != nil):
				t.Errorf("by wildcard: %q %q", names, told)
			case test.secret && (brought || len(told) != 1 || !strings.HasPrefix(told[0], "refused secret m.yml:2: ") || !strings.Contains(told[0], test.name)):
				t.Errorf("by wildcard: %q %q", names, told)
			}
			named, warned := includeIn(t, files, test.name)
			if len(named) != 1 || test.secret && (len(warned) != 1 || !strings.HasPrefix(warned[0], "warning secret m.yml:1: ")) || !test.secret && warned != nil {
				t.Errorf("by name: %q %q", named, warned)
			}
			if strings.Contains(fmt.Sprint(told, warned), "hunter2") {
				t.Errorf("the secret is told: %q %q", told, warned)
			}
			names, told = includeIn(t, files, wild, "!**/"+filepath.Base(test.name))
			if strings.Contains(strings.Join(names, " "), test.name) || told != nil && !strings.HasPrefix(test.name, ".git/") {
				t.Errorf("excluded: %q %q", names, told)
			}
		})
	}
}

// A symlink inside the root is packed as the file it points to. A symlink that leaves
// the root is refused, and a broken one is an error.
func TestIncludeSymlinks(t *testing.T) {
	outside := rootWith(t, map[string]string{"secret.csv": "hunter2"})
	for _, test := range []struct{ name, target, names, told string }{
		{"to a neighbour", "a.csv", "a.csv link", ""},
		{"to another service of the root", "../other/b.csv", "a.csv link", ""},
		{"to a folder", "data", "a.csv data/c.csv", ""},
		{"out of the root", filepath.Join(outside, "secret.csv"), "a.csv", "refused unsafe-path m.yml:1: link is a symlink to a file outside the project"},
		{"out of the root, by dots", "../../../../../../../../../../etc/hosts", "a.csv", "refused unsafe-path m.yml:1: link is a symlink to a file outside the project"},
		{"to nothing", "gone", "a.csv", "error dangling-symlink m.yml:1: link is a symlink to a missing file"},
		{"to itself", "link", "a.csv", "error dangling-symlink m.yml:1: link is a symlink to a missing file"},
		{"to a secret", ".env", "a.csv", `refused secret m.yml:1: the pattern "**" would pack link, which holds environment values`},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{"svc/a.csv": "", "svc/link": "-> " + test.target, "other/b.csv": ""}
			switch test.target {
			case "data":
				files["svc/data/c.csv"] = ""
			case ".env":
				files["svc/.env"] = "P=hunter2"
			}
			names, told := includeIn(t, files, "**", "!.env")
			if got := strings.Join(names, " "); got != test.names || !strings.HasPrefix(strings.Join(told, "; "), test.told) || test.told == "" && told != nil {
				t.Errorf("got  %s %q\nwant %s %q", got, told, test.names, test.told)
			}
		})
	}
	if _, err := os.Stat("/etc/hosts"); err != nil {
		t.Log("there is no file to lead to outside; the case of dots is one of nothing")
	}
}

// The size limit applies before files are read: these files are sparse.
func TestIncludeBounds(t *testing.T) {
	root := rootWith(t, map[string]string{"svc/a": "", "svc/b": "", "svc/c": ""})
	for name, size := range map[string]int64{"a": 200_000_000, "b": 62_144_000, "c": 1} {
		if err := os.Truncate(filepath.Join(root, "svc", name), size); err != nil {
			t.Skipf("this file system has no holes: %v", err)
		}
	}
	files, diagnostics := include(projectfs.New(root, projectfs.Allowances{}), patterned("*", "!c"))
	if len(files) != 2 || diagnostics != nil {
		t.Errorf("262,144,000 bytes fit, and %d files came with %v", len(files), diagnostics)
	}
	files, diagnostics = include(projectfs.New(root, projectfs.Allowances{}), patterned("*"))
	if len(files) != 2 || len(diagnostics) != 1 || diagnostics[0].Code != "too-large" || diagnostics[0].Severity != analyzer.Error {
		t.Errorf("one more does not, and %d files came with %v", len(files), diagnostics)
	}
}

// All installed packages beside a bundle are said to be too much, for a Node function.
func TestPackagesBesideABundle(t *testing.T) {
	root := rootWith(t, map[string]string{"svc/node_modules/left/index.js": "", "svc/node_modules/left/data/a.txt": ""})
	for _, test := range []struct {
		family  analyzer.Family
		pattern string
		told    bool
	}{
		{analyzer.Node, "node_modules/**", true},
		{analyzer.Node, "./node_modules/**/*", true},
		{analyzer.Node, "node_modules/left/**", false},
		{analyzer.Node, "node_modules/**/*.txt", false},
		{analyzer.Go, "node_modules/**", false},
	} {
		f := patterned(test.pattern)
		f.Family = test.family
		_, diagnostics := include(projectfs.New(root, projectfs.Allowances{}), f)
		told := len(diagnostics) == 1 && diagnostics[0].Code == "packages-beside-bundle" && diagnostics[0].Line == 1
		if told != test.told || len(diagnostics) > 1 {
			t.Errorf("%s %s: %+v", test.family, test.pattern, diagnostics)
		}
	}
}
