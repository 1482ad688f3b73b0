package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/spf13/pflag"
)

// notRun lists commands of the pages that the test only parses, each with the reason. It
// gives the beginning of a command.
var notRun = []struct{ command, why string }{
	{"featherpack build --install testdata/apps/orders", "TestOrders builds the sample service"},
	{"featherpack advise ingest", "testdata/script/advise_go.txtar links Go programs"},
	{"featherpack why ingest", "testdata/script/why_go.txtar links a Go program"},
	{"featherpack history", "testdata/script/check_history.txtar records one first"},
}

// failing lists commands that have an exit status other than 0 in the test's project.
var failing = map[string]int{
	"featherpack init": exitFailed, // the project has a featherpack.yaml
	// The logs are not about the report's functions.
	"featherpack calibrate logs.json --report .featherpack/report.json -o cold-start.json": exitFailed,
}

// TestReadmeCommands runs every featherpack command in the README and the pages, in a
// small project that has the functions and files in the commands.
func TestReadmeCommands(t *testing.T) {
	type shown struct{ page, line string }
	var all []shown
	for _, name := range pages(t) {
		for _, line := range shellLines(readPage(t, name)) {
			all = append(all, shown{name, line})
		}
	}
	if len(all) < 40 {
		t.Errorf("only %d commands were found", len(all))
	}
	docsProject(t)
	done := map[string]bool{}
	for _, s := range all {
		if done[s.line] {
			continue
		}
		done[s.line] = true
		words := shellWords(t, s.line)
		if why := parses(words); why != "" {
			t.Errorf("%s: %s: %s", s.page, s.line, why)
			continue
		}
		if slices.ContainsFunc(notRun, func(n struct{ command, why string }) bool {
			return strings.HasPrefix(s.line,
				n.command)
		}) {
			continue
		}
		// TestLayouts tests the installation. Here the packages are installed already.
		words = slices.DeleteFunc(words, func(word string) bool { return word == "--install" })
		var stdout, stderr bytes.Buffer
		if status := run(words[1:], &stdout, &stderr); status != failing[s.line] {
			t.Errorf("%s: %s: status %d\n%s", s.page, s.line, status, stderr.String())
		}
	}
}

// TestHelpExamples parses the examples of every command's help.
func TestHelpExamples(t *testing.T) {
	for _, c := range commands() {
		_, examples, _ := strings.Cut(c.help, "Examples:\n")
		if examples == "" && !slices.Contains([]string{"version"}, c.name) {
			t.Errorf("%s has no examples", c.name)
		}
		for line := range strings.Lines(examples) {
			command, _, _ := strings.Cut(strings.TrimSpace(line), "   ")
			_, command, _ = strings.Cut(command, "featherpack")
			command, _, _ = strings.Cut("featherpack"+command, ")")
			if strings.Contains(line, "net/http") {
				command = strings.TrimSpace(line) // its brackets are the symbol's
			}
			if why := parses(shellWords(t, commandAlone(command))); why != "" {
				t.Errorf("%s: %s: %s", c.name, line, why)
			}
		}
	}
}

// fenced returns a page's fenced blocks of a language.
func fenced(page, language string) []string {
	var blocks []string
	for i, part := range strings.Split("\n"+page, "\n```") {
		if name, text, _ := strings.Cut(part, "\n"); i%2 == 1 && name == language {
			blocks = append(blocks, text+"\n")
		}
	}
	return blocks
}

// shellLines returns the featherpack commands in a page's fenced shell blocks.
func shellLines(page string) []string {
	var lines []string
	for _, block := range fenced(page, "sh") {
		for line := range strings.Lines(block) {
			line = strings.Replace(strings.TrimSpace(line), "go run ./cmd/featherpack", "featherpack", 1)
			line = strings.TrimPrefix(line, "npx ")
			if strings.HasPrefix(line, "featherpack ") {
				lines = append(lines, commandAlone(line))
			}
		}
	}
	return lines
}

// commandAlone removes a comment, or a pipe and the commands after it.
func commandAlone(line string) string {
	for _, end := range []string{" #", " | ", " && ", " > "} {
		line, _, _ = strings.Cut(line, end)
	}
	return strings.TrimSpace(line)
}

var shellWord = regexp.MustCompile(`'[^']*'|"[^"]*"|\S+`)

func shellWords(t *testing.T, line string) []string {
	t.Helper()
	words := shellWord.FindAllString(line, -1)
	for i, word := range words {
		words[i] = strings.Trim(word, `'"`)
	}
	if len(words) < 2 || words[0] != "featherpack" {
		t.Fatalf("no command: %s", line)
	}
	return words
}

// parses returns the reason why featherpack does not accept a command line, or "".
func parses(words []string) string {
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == words[1] })
	if i < 0 {
		return "there is no command " + strconv.Quote(words[1])
	}
	set := pflag.NewFlagSet(words[1], pflag.ContinueOnError)
	set.SetOutput(new(bytes.Buffer))
	all[i].flags(set)
	if err := set.Parse(words[2:]); err != nil && err != pflag.ErrHelp {
		return err.Error()
	}
	return ""
}

// docsProject changes to a copy of the project for the pages' commands. It is committed
// on main, and has the output of earlier commands of the pages.
func docsProject(t *testing.T) {
	t.Helper()
	dir := unpackArchive(t, "testdata/docs.txtar")
	commitAll(t, dir)
	t.Chdir(dir)
	for _, args := range [][]string{{"build", "--quiet"}, {"build", "--quiet", "-o", "json=base.json"}} {
		var stdout, stderr bytes.Buffer
		if status := run(args, &stdout, &stderr); status != exitGood {
			t.Fatalf("%v: %s", args, stderr.String())
		}
	}
}

func unpackArchive(t *testing.T, name string) string {
	t.Helper()
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := txtar.Write(archive, dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// commitAll makes a repository with one commit, which has the same hash on every machine.
func commitAll(t *testing.T, dir string) {
	t.Helper()
	for _, args := range [][]string{{"init", "-q", "-b", "main", "."}, {"add", "."}, {"commit", "-q", "-m", "before"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
			"GIT_AUTHOR_NAME=Dev", "GIT_AUTHOR_EMAIL=dev@example.org", "GIT_AUTHOR_DATE=2026-11-26T12:00:00Z",
			"GIT_COMMITTER_NAME=Dev", "GIT_COMMITTER_EMAIL=dev@example.org", "GIT_COMMITTER_DATE=2026-11-26T12:00:00Z")
		if output, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, output)
		}
	}
}

// TestReadmeOutput compares the outputs that the README and the pages quote with the
// output in the scripts' projects.
func TestReadmeOutput(t *testing.T) {
	for _, test := range []struct{ script, first string }{
		{"check_ref", `"orders" is `},
		{"check_cold_start", "COLD START"},
	} {
		var quoted []string
		for _, name := range pages(t) {
			for _, block := range fenced(readPage(t, name), "") {
				if strings.HasPrefix(block, test.first) {
					quoted = append(quoted, block)
				}
			}
		}
		t.Run(test.script, func(t *testing.T) {
			dir := unpackArchive(t, filepath.Join("..", "..", "testdata", "script", test.script+".txtar"))
			t.Chdir(dir)
			if _, err := os.Stat("heavy.cjs"); err == nil {
				if output, err := exec.Command("node", "heavy.cjs").CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, output)
				}
			}
			commitAll(t, ".")
			text, err := os.ReadFile("heavy.ts")
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile("src/orders.ts", text, 0o644); err != nil {
				t.Fatal(err)
			}
			var stdout, stderr bytes.Buffer
			run([]string{"check", "--compare-ref", "main"}, &stdout, &stderr)
			if len(quoted) == 0 {
				t.Error("no page quotes this output")
			}
			for _, block := range quoted {
				if !strings.Contains(stdout.String(), block) {
					t.Errorf("a page quotes\n%s\nbut the command prints\n%s%s", block, stdout.String(), stderr.String())
				}
			}
		})
	}
}

// TestReadmeCounts compares the number of tested packages with their table.
func TestReadmeCounts(t *testing.T) {
	table := strings.Count(readPage(t, "../../testdata/apps/packages/README.md"), "\n| ") - 1
	m := regexp.MustCompile(`(?m)^(\d+) packages and ways of loading code`).FindStringSubmatch(readPage(t,
		"../../README.md"))
	if m == nil || m[1] != strconv.Itoa(table) {
		t.Errorf("the README has %q, but the table has %d rows", m, table)
	}
}
