package baseline

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/git"
)

// TestMergeTarget builds the history that CI systems check out:
//
//	base -- main -- (merge)    CI merges the change into main
//	   \           /
//	    own ---- change        own merges main's first commit in, by the author
func TestMergeTarget(t *testing.T) {
	dir := t.TempDir()
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org",
			"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return strings.TrimSpace(string(out))
	}
	commit := func(name string, parents ...string) string {
		args := []string{"commit-tree", "-m", name}
		for _, p := range parents {
			args = append(args, "-p", p)
		}
		hash := run(append(args, run("write-tree"))...)
		run("tag", name, hash)
		return hash
	}
	run("init", "-q", ".")
	base := commit("base")
	older := commit("older", base)
	main := commit("tip", older)
	change := commit("change", base)
	own := commit("own", change, older) // the author merged the target in
	merge := commit("merge", main, own)
	run("update-ref", "refs/remotes/origin/main", main)

	event := func(text string) string {
		name := filepath.Join(t.TempDir(), "event.json")
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return name
	}
	pull := event(`{"action":"synchronize","pull_request":` +
		`{"base":{"ref":"main","sha":"` + base + `"},"head":{"ref":"x","sha":"` + own + `"}}}`)
	queue := event(`{"merge_group":{"base_sha":"` + main + `","head_sha":"` + merge + `"}}`)
	push := event(`{"ref":"refs/heads/main","before":"` + base + `"}`)
	const (
		parent = "first parent of the merge commit"
		common = "merge base with main"
		none   = "neither --compare-to nor --compare-ref is given, and no CI variable names the target branch"
	)
	type env map[string]string
	for name, test := range map[string]struct {
		head   string
		env    env
		ref    string
		method string
	}{
		"GitHub's merge commit":  {merge, env{"GITHUB_BASE_REF": "main", "GITHUB_EVENT_PATH": pull}, main, parent},
		"by the event alone":     {merge, env{"GITHUB_EVENT_PATH": pull}, main, parent},
		"by the variables alone": {merge, env{"GITHUB_BASE_REF": "main", "GITHUB_SHA": merge}, main, parent},
		"the author's own merge": {own,
			env{"GITHUB_BASE_REF": "main", "GITHUB_EVENT_PATH": pull, "GITHUB_SHA": merge}, older, common},
		"the change itself":    {change, env{"GITHUB_BASE_REF": "main", "GITHUB_EVENT_PATH": pull}, base, common},
		"GitHub's merge queue": {merge, env{"GITHUB_EVENT_PATH": queue}, main, "base of the merge queue's group"},
		"a broken event":       {change, env{"GITHUB_BASE_REF": "main", "GITHUB_EVENT_PATH": event("{")}, base, common},
		"GitLab":               {change, env{"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}, base, common},
		"GitLab, merged results": {merge,
			env{"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": own}, main, parent},
		"GitLab, the target is not fetched": {change,
			env{"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "release", "CI_MERGE_REQUEST_DIFF_BASE_SHA": base},
			base, "merge base with release, from GitLab's CI_MERGE_REQUEST_DIFF_BASE_SHA"},
		"Azure":                {change, env{"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"}, base, common},
		"no CI":                {merge, nil, "", none},
		"a push, not a change": {merge, env{"GITHUB_SHA": merge, "GITHUB_EVENT_PATH": push}, "", none},
	} {
		t.Run(name, func(t *testing.T) {
			outsideCI(t)
			for key, value := range test.env {
				t.Setenv(key, value)
			}
			run("checkout", "-q", "--detach", test.head)
			g, err := git.Open(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			ref, method, err := mergeTarget(t.Context(), g)
			if err != nil || ref != test.ref || method != test.method {
				t.Errorf("%q by %q, %v; want %q by %q", ref, method, err, test.ref, test.method)
			}
		})
	}

	t.Run("a shallow checkout", func(t *testing.T) {
		outsideCI(t)
		t.Setenv("GITHUB_BASE_REF", "main")
		t.Setenv("GITHUB_EVENT_PATH", pull)
		run("branch", "merged", merge)
		shallow := filepath.Join(t.TempDir(), "shallow")
		run("clone", "-q", "--depth", "1", "--branch", "merged", "file://"+dir, shallow)
		g, err := git.Open(t.Context(), shallow)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = mergeTarget(t.Context(), g)
		wantHint(t, err, "this shallow checkout does not reach back to main", "git fetch --unshallow origin main:refs/remotes/origin/main ")
		_, err = g.Commit(t.Context(), base)
		wantHint(t, err, "there is no commit", "git fetch --unshallow origin "+base)
	})

	t.Run("an unknown branch", func(t *testing.T) {
		outsideCI(t)
		t.Setenv("CHANGE_TARGET", "nowhere")
		g, err := git.Open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = mergeTarget(t.Context(), g)
		wantHint(t, err, "this checkout has no common history with nowhere", "git branch --all lists the branches")
	})
}

// outsideCI clears the variables of a CI system that the test may run in.
func outsideCI(t *testing.T) {
	for _, name := range Variables() {
		t.Setenv(name, "")
	}
}

func wantHint(t *testing.T, err error, message, hint string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %q", message)
	}
	d := analyzer.DiagnosticsOf(err, "usage", "")[0]
	if !strings.Contains(d.Message, message) || !strings.Contains(d.Hint, hint) {
		t.Errorf("%s; hint: %s; want %s; hint: %s", d.Message, d.Hint, message, hint)
	}
}
