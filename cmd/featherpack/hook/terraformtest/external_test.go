package terraformtest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// shop is a service of two functions and an installed package.
var shop = map[string]string{
	"featherpack.yaml": "functions:\n" +
		"  orders: {entry: src/orders.ts, runtime: nodejs22.x, arch: arm64, memory: 512}\n" +
		"  report: {entry: src/report.ts}\n",
	"package.json":                    `{"name": "shop", "dependencies": {"light": "1"}}`,
	"package-lock.json":               `{"name": "shop", "lockfileVersion": 3, "packages": {}}`,
	"src/orders.ts":                   "import {light} from 'light'\nexport const handler = async () => [light, 1]\n",
	"src/report.ts":                   "export const handler = async () => 2\n",
	"node_modules/light/package.json": `{"name": "light", "version": "1.0.0"}`,
	"node_modules/light/index.js":     "exports.light = 1\n",
}

// asker queries featherpack as Terraform does, from the folder that Terraform runs in.
type asker struct {
	t       *testing.T
	dir     string
	program string
	env     []string
}

func newAsker(t *testing.T, files map[string]string) *asker {
	t.Helper()
	a := &asker{t: t, dir: filepath.Join(t.TempDir(), "läden & co", "shop"), program: "featherpack"}
	for name, text := range files {
		a.write(name, text)
	}
	return a
}

func (a *asker) write(name, text string) {
	a.t.Helper()
	at := filepath.Join(a.dir, name)
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		a.t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
		a.t.Fatal(err)
	}
}

// settled waits until a later change has a different modification time.
func (a *asker) settled() *asker {
	time.Sleep(25 * time.Millisecond)
	return a
}

func (a *asker) run(question string, args ...string) (stdout, stderr string, status int) {
	a.t.Helper()
	cmd := exec.Command(a.program, append([]string{"build", "--external"}, args...)...)
	cmd.Dir, cmd.Stdin, cmd.Env = a.dir, strings.NewReader(question), append(os.Environ(), a.env...)
	var out, errors bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errors
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		a.t.Fatal(err)
	}
	return out.String(), errors.String(), cmd.ProcessState.ExitCode()
}

// ask returns the answer, or ends the test. All values of the answer must be JSON strings.
func (a *asker) ask(question string, args ...string) map[string]string {
	a.t.Helper()
	stdout, stderr, status := a.run(question, args...)
	var answer map[string]string
	if status != 0 || json.Unmarshal([]byte(stdout), &answer) != nil {
		a.t.Fatalf("status %d\n%s\n%s", status, stdout, stderr)
	}
	return answer
}

// written identifies the files of an answer, to detect whether another run wrote them
// again.
func (a *asker) written(answer map[string]string) string {
	a.t.Helper()
	var text strings.Builder
	folder := filepath.Dir(answer["path.orders"])
	for _, name := range []string{
		answer["path.orders"], filepath.Join(folder, "external.json"), filepath.Join(folder, "report.json"),
	} {
		info, err := os.Stat(filepath.Join(a.dir, name))
		if err != nil {
			a.t.Fatal(err)
		}
		inode := reflect.Indirect(reflect.ValueOf(info.Sys())).FieldByName("Ino")
		fmt.Fprintln(&text, name, info.ModTime(), inode)
	}
	return text.String()
}

func TestExternalAnswers(t *testing.T) {
	t.Parallel()
	a := newAsker(t, shop).settled()
	answer := a.ask(`{}`)
	for name, want := range map[string]string{
		"handler.orders": "src/orders.handler", "runtime.orders": "nodejs22.x", "architecture.orders": "arm64",
		"memory.orders": "512", "memory.report": "128", "timeout.orders": "3", "architecture.report": "x86_64",
	} {
		if answer[name] != want {
			t.Errorf("%s is %q, want %q", name, answer[name], want)
		}
	}
	for _, function := range []string{"orders", "report"} {
		path := answer["path."+function]
		zip, err := os.ReadFile(filepath.Join(a.dir, path))
		if err != nil || filepath.IsAbs(path) || answer["source_code_hash."+function] != base64SHA256(zip) {
			t.Errorf("%s: %q is not the zip of %q: %v", function, path, answer["source_code_hash."+function], err)
		}
	}
	if len(answer) != 14 {
		t.Errorf("the answer holds %d texts: %v", len(answer), answer)
	}
	one := a.ask(`{"only": "orders", "dir": "."}`)
	if one["source_code_hash"] != answer["source_code_hash.orders"] ||
		one["path"] != one["path.orders"] || one["path"] == answer["path.orders"] {
		t.Errorf("one function alone: %v", one)
	}
}

// Zips that are deployed are compressed as small as it gets, unless the query says otherwise.
func TestExternalCompresses(t *testing.T) {
	t.Parallel()
	a := newAsker(t, shop)
	for question, want := range map[string]string{`{}`: "best", `{"compress": "fast"}`: "fast", `{"compress": "default"}`: "default"} {
		report := filepath.Join(a.dir, filepath.Dir(a.ask(question)["path.orders"]), "report.json")
		if text := string(clitest.Read(t, report)); !strings.Contains(text, `{"name":"compress","value":"`+want+`"}`) {
			t.Errorf("%s is not compressed with %s:\n%.300s", question, want, text)
		}
	}
	by := filepath.Join(a.dir, filepath.Dir(a.ask(`{}`, "--compress=fast")["path.orders"]), "report.json")
	if text := string(clitest.Read(t, by)); !strings.Contains(text, `{"name":"compress","value":"fast"}`) {
		t.Errorf("the flag is not heard:\n%.300s", text)
	}
}

func TestExternalIsCachedWhileNothingChanges(t *testing.T) {
	t.Parallel()
	a := newAsker(t, shop).settled()
	answer := a.ask(`{}`)
	before := a.written(answer)
	if again := a.ask(`{}`); fmt.Sprint(again) != fmt.Sprint(answer) || a.written(answer) != before {
		t.Error("what is unchanged was built again")
	}
	a.write("terraform.tfstate", "{}") // Terraform's own files are no sources
	a.write(".terraform/providers/x", "")
	a.write("prod.tfplan", "")
	a.settled()
	if a.ask(`{}`); a.written(answer) != before {
		t.Error("Terraform's own files had it built again")
	}
}

func TestExternalSeesEveryChange(t *testing.T) {
	t.Parallel()
	own, err := exec.LookPath("featherpack")
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "featherpack")
	program, err := os.ReadFile(own)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(copied, program, 0o755); err != nil {
		t.Fatal(err)
	}
	a := newAsker(t, shop).settled()
	for _, change := range []struct {
		what string
		do   func()
		// same is set if the zip must stay the same.
		same bool
	}{
		{what: "a source, of equal size and time", do: func() {
			at := filepath.Join(a.dir, "src/orders.ts")
			info, err := os.Stat(at)
			if err != nil {
				t.Fatal(err)
			}
			a.write("src/orders.ts", strings.Replace(shop["src/orders.ts"], "1", "7", 1))
			if err := os.Chtimes(at, info.ModTime(), info.ModTime()); err != nil {
				t.Fatal(err)
			}
		}},
		{what: "an installed package", do: func() { a.write("node_modules/light/index.js", "exports.light = 3\n") }},
		{what: "a file that comes before another", do: func() {
			a.write("node_modules/light/package.json", `{"name": "light", "version": "1.0.0", "module": "./m.mjs"}`)
			a.write("node_modules/light/m.mjs", "export const light = 4\n")
		}},
		{what: "the lockfile", same: true, do: func() {
			a.write("package-lock.json", `{"name": "shop", "lockfileVersion": 3, "packages": {"": {}}}`)
		}},
		{what: "the manifest",
			do: func() { a.write("featherpack.yaml", shop["featherpack.yaml"]+"build: {minify: false}\n") }},
		{what: "a setting above the sources", same: true, do: func() {
			if err := os.WriteFile(filepath.Join(a.dir, "..", "tsconfig.json"), []byte("{}"), 0o644); err != nil {
				t.Fatal(err)
			}
		}},
		{what: "the binary", same: true, do: func() { a.program = copied }},
		{what: "the binary, at the same place", same: true, do: func() {
			if err := os.WriteFile(copied, append(program, 0), 0o755); err != nil {
				t.Fatal(err)
			}
		}},
		{what: "the zip", same: true, do: func() {
			if err := os.WriteFile(filepath.Join(a.dir, a.ask(`{}`)["path.orders"]), []byte("PK"), 0o644); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		answer := a.ask(`{}`)
		before := a.written(answer)
		change.do()
		a.settled()
		after := a.ask(`{}`)
		if a.written(after) == before {
			t.Errorf("%s changed and nothing was built", change.what)
		}
		if same := after["source_code_hash.orders"] == answer["source_code_hash.orders"]; same != change.same {
			t.Errorf("%s changed: the zip's hash is the same: %v", change.what, same)
		}
	}
}

func TestExternalSeesTheEnvironmentThatAManifestReads(t *testing.T) {
	t.Parallel()
	a := newAsker(t, map[string]string{
		"serverless.yml": "service: s\nprovider: {name: aws, runtime: nodejs22.x}\n" +
			"functions: {orders: {handler: '${env:WHERE}.handler'}}\n",
		"a.js": "exports.handler = async () => 1\n", "b.js": "exports.handler = async () => 22\n",
	}).settled()
	hash := map[string]string{}
	for _, where := range []string{"a", "b", "b", "a"} {
		a.env = []string{"WHERE=" + where}
		answer := a.ask(`{}`)
		if had := hash[where]; had != "" && had != answer["source_code_hash"] {
			t.Errorf("with %s: %s, before %s", where, answer["source_code_hash"], had)
		}
		hash[where] = answer["source_code_hash"]
	}
	if hash["a"] == hash["b"] {
		t.Error("the variable made no difference")
	}
}

func TestExternalGo(t *testing.T) {
	t.Parallel()
	a := newAsker(t, map[string]string{
		"featherpack.yaml":   "functions: {orders: {entry: ./cmd/orders, arch: arm64, layers: [web-adapter]}}\n",
		"go.mod":             "module shop\n\ngo 1.26\n",
		"cmd/orders/main.go": "package main\n\nfunc main() { println(\"one\") }\n",
	}).settled()
	answer := a.ask(`{}`)
	if answer["handler"] != "bootstrap" || answer["runtime"] != "provided.al2023" || answer["architecture"] != "arm64" {
		t.Errorf("%v", answer)
	}
	before := a.written(answer)
	if a.ask(`{}`); a.written(answer) != before {
		t.Error("what is unchanged was built again")
	}
	a.write("cmd/orders/main.go", "package main\n\nfunc main() { println(\"two\") }\n")
	if again := a.settled().ask(`{}`); again["source_code_hash"] == answer["source_code_hash"] {
		t.Error("another program has the same zip")
	}
	a.env = []string{"GOFLAGS=-tags=other"}
	before = a.written(answer)
	if a.ask(`{}`); a.written(answer) == before {
		t.Error("other flags had nothing built")
	}
	// A module outside the root is refused, and no answer is saved.
	a.write("../outside/go.mod", "module outside\n")
	a.write("go.mod", "module shop\n\ngo 1.26\n\nreplace outside => ../outside\n")
	if _, stderr, status := a.settled().run(`{}`); status == 0 || !strings.Contains(stderr, "go.mod:5:1") {
		t.Errorf("status %d\n%s", status, stderr)
	}
	if clitest.Exists(filepath.Join(a.dir, filepath.Dir(answer["path"]), "external.json")) {
		t.Error("an answer is remembered that cannot be trusted")
	}
}

func TestExternalFailureIsReportedAndNotRemembered(t *testing.T) {
	t.Parallel()
	a := newAsker(t, shop).settled()
	answer := a.ask(`{}`)
	a.write("src/orders.ts", "import 'gone'\nexport const handler = 1\n")
	for range 2 {
		a.settled()
		stdout, stderr, status := a.run(`{}`)
		if status != 2 || stdout != "" || !strings.Contains(stderr, "src/orders.ts:1:8") {
			t.Errorf("status %d, stdout %q, stderr %q", status, stdout, stderr)
		}
		folder := filepath.Dir(answer["path.orders"])
		for _, name := range []string{answer["path.orders"], filepath.Join(folder, "external.json")} {
			if clitest.Exists(filepath.Join(a.dir, name)) {
				t.Errorf("%s is still there", name)
			}
		}
	}
	a.write("src/orders.ts", shop["src/orders.ts"])
	a.settled()
	if again := a.ask(`{}`); again["source_code_hash.orders"] != answer["source_code_hash.orders"] {
		t.Error("the same source, mended, gives another zip")
	}
}

// Each set of build options has its own folder, so that neither another query nor a direct
// build overwrites the zips of an answer.
func TestExternalQuestionsSideBySide(t *testing.T) {
	t.Parallel()
	a := newAsker(t, shop).settled()
	questions := []string{
		`{}`, `{}`, `{"sourcemap": "zip"}`, `{"only": "orders"}`, `{"out": "dist"}`,
		`{"stage": "prod", "param.x": "1"}`,
	}
	answers := make([]map[string]string, len(questions))
	var busy sync.WaitGroup
	for i, question := range questions {
		busy.Go(func() {
			stdout, stderr, status := a.run(question)
			if json.Unmarshal([]byte(stdout), &answers[i]) != nil || status != 0 {
				t.Errorf("%s: status %d\n%s", question, status, stderr)
			}
		})
	}
	busy.Wait()
	if t.Failed() {
		return
	}
	byHand := exec.Command("featherpack", "build", "--quiet", "--compress", "fast", a.dir)
	if output, err := byHand.CombinedOutput(); err != nil {
		t.Fatal(string(output))
	}
	for i, answer := range answers {
		zip, err := os.ReadFile(filepath.Join(a.dir, answer["path.orders"]))
		if err != nil || base64SHA256(zip) != answer["source_code_hash.orders"] {
			t.Errorf("%s: the zip is not the one that was answered: %v", questions[i], err)
		}
	}
	if fmt.Sprint(answers[0]) != fmt.Sprint(answers[1]) ||
		answers[2]["source_code_hash.orders"] == answers[0]["source_code_hash.orders"] {
		t.Error("equal questions differ, or different ones do not")
	}
}

func TestExternalRefusesBadQuestions(t *testing.T) {
	t.Parallel()
	files := map[string]string{"file": "", "py/template.yaml": "Resources:\n  F:\n    Type: AWS::Lambda::Function\n" +
		"    Properties: {Runtime: python3.13, Handler: a.b, Code: .}\n"}
	for name, text := range shop {
		files[name] = text
	}
	a := newAsker(t, files)
	for _, test := range []struct {
		question string
		args     []string
		told     string
	}{
		{question: `{"dirr": "."}`, told: `unknown key "dirr"`},
		{question: `{"password": ["s3cret-7"]}`, told: "not a JSON object of strings"},
		{question: `[]`, told: "not a JSON object of strings"},
		{question: `{"install": "s3cret-7"}`, told: "neither true nor false"},
		{question: `{"dir": "nowhere"}`, told: "there is no folder nowhere"},
		{question: `{"dir": "."}`, args: []string{"."}, told: "given twice"},
		{question: `{"only": "nothing"}`, told: "matches no function"},
		{question: `{"compress": "zstd"}`, told: "does not accept"},
		{question: `{"out": "file/below"}`, told: "cannot use the out-dir"},
		{question: `{"out": "src"}`, args: []string{"-o", "json"}, told: "would both write to stdout"},
		{question: `{}`, args: []string{"--functions", "-"}, told: "both read stdin"},
		{question: `{"dir": "py"}`, told: "every function is skipped"},
		{question: strings.Repeat(" ", 1<<20+1), told: "larger than 1 MiB"},
	} {
		stdout, stderr, status := a.run(test.question, test.args...)
		if status != 2 || stdout != "" || !strings.Contains(stderr, test.told) || strings.Contains(stderr, "s3cret-7") {
			t.Errorf("%.40s: status %d, stdout %q, stderr %q", test.question, status, stdout, stderr)
		}
	}
}

// base64SHA256 is the same as Terraform's filebase64sha256.
func base64SHA256(content []byte) string {
	sum := sha256.Sum256(content)
	return base64.StdEncoding.EncodeToString(sum[:])
}
