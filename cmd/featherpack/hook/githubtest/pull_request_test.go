package githubtest

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// newRunner makes a repository like the checkout of a pull request: a shallow clone with
// the merge commit and its parents. On the branch, the function is over its budget.
func newRunner(t *testing.T, event object) *runner {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("there is no node")
	}
	upstream, workspace := t.TempDir(), filepath.Join(t.TempDir(), "läden & co")
	git := func(dir string, args ...string) {
		t.Helper()
		cmd := exec.Command("git",
			append([]string{"-C", dir, "-c", "user.email=dev@example.org", "-c", "user.name=Dev", "-c",
				"init.defaultBranch=main", "-c", "protocol.file.allow=always"}, args...)...)
		if output, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, output)
		}
	}
	git(upstream, "init", "-q", ".")
	hookFiles(t, "github", upstream)
	clitest.Write(t, filepath.Join(upstream, "featherpack.yaml"),
		"functions: {orders: src/orders.ts, report: src/report.ts}\nbudgets: [{match: '*', zip: {max: 700 B}}]\n")
	for _, name := range []string{"orders", "report"} {
		clitest.Write(t, filepath.Join(upstream, "src", name+".ts"), "export const handler = async () => 1\n")
	}
	git(upstream, "add", ".")
	git(upstream, "commit", "-qm", "before")
	git(upstream, "switch", "-qc", "topic")
	clitest.Write(t, filepath.Join(upstream, "src/orders.ts"), "export const handler = async () => '"+noise(2000)+"'\n")
	git(upstream, "commit", "-qam", "grow")
	git(upstream, "switch", "-q", "main")
	clitest.Write(t, filepath.Join(upstream, "README.md"), "moved on\n")
	git(upstream, "add", ".")
	git(upstream, "commit", "-qm", "moved on")
	git(upstream, "merge", "-q", "--no-ff", "-m", "merge", "topic")
	git(filepath.Dir(workspace), "clone", "-q", "--depth", "2", "file://"+upstream, workspace)
	git(workspace, "checkout", "-q", "--detach")
	git(workspace, "branch", "-qD", "main")
	if pull, ok := event["pull_request"].(object); ok {
		sha, err := exec.Command("git", "-C", workspace, "rev-parse", "HEAD^2").Output()
		if err != nil {
			t.Fatal(err)
		}
		pull, event = maps.Clone(pull), maps.Clone(event)
		head := maps.Clone(pull["head"].(object))
		head["sha"], pull["head"], event["pull_request"] = strings.TrimSpace(string(sha)), head, pull
	}
	return &runner{t: t, workspace: workspace, event: event, api: newGitHubAPI(t), artifacts: map[string]string{}}
}

// noise returns text that does not compress.
func noise(n int) string {
	var b strings.Builder
	for x := uint32(1); b.Len() < n; x = x*1664525 + 1013904223 {
		b.WriteByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[x>>26])
	}
	return b.String()
}

func TestGitHubPullRequest(t *testing.T) {
	t.Parallel()
	r := newRunner(t, ownPull)
	if r.job("featherpack-report.yml") {
		t.Error("the workflow for forks ran too")
	}
	if !r.job("featherpack.yml") {
		t.Fatal("the workflow did not run")
	}
	if !r.failed || len(r.api.comments) != 1 || !strings.Contains(r.api.comments[0].Body, "over its zip budget") {
		t.Fatalf("failed %v, comments %+v\n%s", r.failed, r.api.comments, r.log)
	}
	for _, want := range []string{"::stop-commands::", "::error file=src/orders.ts,title=featherpack%3A budget-zip::",
		"parent of the merge commit"} {
		if !strings.Contains(r.log, want) {
			t.Errorf("the log has no %q:\n%s", want, r.log)
		}
	}
	if !strings.HasPrefix(r.summary, "# of another step\n### ❌") {
		t.Errorf("the summary is %q", r.summary)
	}
	for _, name := range []string{"report.html", "report.json", "comment.md"} {
		if !clitest.Exists(filepath.Join(r.artifacts["featherpack"], name)) {
			t.Errorf("the artifact has no %s", name)
		}
	}
	// The next push fixes the size: the same comment is updated, and the job succeeds.
	clitest.Write(t, filepath.Join(r.workspace, "src/orders.ts"), "export const handler = async () => 1\n")
	r.artifacts = map[string]string{}
	if r.job("featherpack.yml"); r.failed || len(r.api.comments) != 1 || !strings.Contains(r.api.comments[0].Body,
		"✅") {
		t.Errorf("failed %v, comments %+v\n%s", r.failed, r.api.comments, r.log)
	}
	// A pull request that changes no size gets no comment.
	r.api.comments, r.api.writes, r.artifacts = nil, nil, map[string]string{}
	if r.job("featherpack.yml"); r.failed || len(r.api.writes) != 0 || !strings.Contains(r.log, "nothing changed") {
		t.Errorf("failed %v, wrote %q\n%s", r.failed, r.api.writes, r.log)
	}
	if r.api.strangers > 0 {
		t.Errorf("%d requests without the token", r.api.strangers)
	}
}

// A comment that cannot be posted is reported, and the result of the check stays the same.
func TestGitHubPullRequestWithoutPermission(t *testing.T) {
	t.Parallel()
	r := newRunner(t, ownPull)
	r.event["pull_request"].(object)["number"] = 8 // which the token may not see
	if r.job("featherpack.yml"); !r.failed || !strings.Contains(r.log, "GitHub hides what a token cannot access") {
		t.Errorf("failed %v\n%s", r.failed, r.log)
	}
	clitest.Write(t, filepath.Join(r.workspace, "src/orders.ts"), "export const handler = async () => 11\n")
	r.artifacts = map[string]string{}
	if r.job("featherpack.yml"); r.failed || !strings.Contains(r.log, "GitHub hides what a token cannot access") {
		t.Errorf("failed %v\n%s", r.failed, r.log)
	}
}

func TestGitHubFork(t *testing.T) {
	t.Parallel()
	r := newRunner(t, forkPull)
	if r.job("featherpack.yml") {
		t.Error("the workflow for branches of the repository ran too")
	}
	if !r.job("featherpack-report.yml") || !r.failed || len(r.api.requests) != 0 {
		t.Fatalf("failed %v, asked %q\n%s", r.failed, r.api.requests, r.log)
	}
	// A fork can put anything into the artifact.
	clitest.Write(t, filepath.Join(r.artifacts["featherpack"], "event.json"), `{"pull_request": {"number": 8}}`)
	r.event = forkRun
	r.api.pulls = []map[string]any{forkHead}
	if !r.job("featherpack-comment.yml") || r.failed {
		t.Fatal(r.log)
	}
	if len(r.api.comments) != 1 || !strings.Contains(r.api.comments[0].Body, "over its zip budget") ||
		!strings.Contains(r.api.comments[0].Body, "*From a fork") {
		t.Errorf("%+v\n%s", r.api.comments, r.log)
	}
	// A run that failed before its report has no artifact.
	r.artifacts = map[string]string{}
	if !r.job("featherpack-comment.yml") || r.failed || !strings.Contains(r.log, "the run wrote no report") {
		t.Error(r.log)
	}
}

func TestGitHubActionReportsFailures(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spoil func(r *runner)
		told  string
	}{
		"a manifest that is none": {func(r *runner) {
			clitest.Write(t, filepath.Join(r.workspace, "featherpack.yaml"),
				"functions: [\n")
		}, "::error::featherpack check failed with exit status 2"},
		"a source that is none": {func(r *runner) {
			clitest.Write(t, filepath.Join(r.workspace, "src/orders.ts"),
				"export const\n")
		}, "::error file=src/orders.ts,line=2,col=1,title=featherpack%3A syntax-error::"},
		"no binary, and no way to npm": {func(r *runner) {
			node, err := exec.LookPath("node")
			if err != nil {
				t.Fatal(err)
			}
			r.env = []string{"PATH=" + filepath.Dir(node) + ":/usr/bin:/bin", "npm_config_offline=true",
				"npm_config_cache=" + t.TempDir()}
		}, "::error::cannot install featherpack 1.2.3 from npm; add it to the project"},
		"lines that look like commands": {func(r *runner) {
			clitest.Write(t, filepath.Join(r.workspace, "featherpack.yaml"),
				"functions: {orders: \"src/x\\n::add-mask::x.ts\"}\n")
		}, "::error::featherpack check failed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRunner(t, ownPull)
			test.spoil(r)
			if !r.job("featherpack.yml") || !r.failed || !strings.Contains(r.log, test.told) {
				t.Errorf("failed %v\n%s", r.failed, r.log)
			}
			// Workflow commands are disabled while the project's code runs.
			if stop, rest, ok := strings.Cut(r.log, "::stop-commands::"); ok {
				token, said, _ := strings.Cut(rest, "\n")
				said, after, resumed := strings.Cut(said, "\n::"+token+"::\n")
				if stop != "" || !resumed || strings.Contains(after, "\n::add-mask::") {
					t.Errorf("%q", said)
				}
			}
		})
	}
}

// Writing the files a second time changes nothing, and keeps manual changes.
func TestGitHubHookTwice(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for range 2 {
		if output, err := exec.Command("featherpack", "hook", "github", "--write", dir).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, output)
		}
	}
	name := filepath.Join(dir, ".github/workflows/featherpack.yml")
	clitest.Write(t, name, "mine\n")
	output, err := exec.Command("featherpack", "hook", "github", "--write", dir).CombinedOutput()
	if err == nil || !strings.Contains(string(output), ".github/workflows/featherpack.yml exists and differs") {
		t.Errorf("%v\n%s", err, output)
	}
	if text, err := os.ReadFile(name); err != nil || string(text) != "mine\n" {
		t.Errorf("%q %v", text, err)
	}
}
