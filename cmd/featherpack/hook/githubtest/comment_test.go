package githubtest

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/hook"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/reporters"
)

// hookFiles writes the files of featherpack hook NAME --write.
func hookFiles(t *testing.T, name, dir string) {
	t.Helper()
	chosen, err := hook.Named(name)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := chosen.Render(hook.Values{Version: "1.2.3", Schema: reporters.SchemaVersion})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		clitest.Write(t, filepath.Join(dir, text.Path), text.Content)
	}
}

type object = map[string]any

// The repository has ID 1 and its fork has ID 2.
var (
	shopRepository = object{"id": 1, "full_name": "acme/shop"}
	forkRepository = object{"id": 2, "full_name": "mallory/shop", "owner": object{"login": "mallory"}}
	ownPull        = object{"repository": shopRepository,
		"pull_request": object{"number": 7, "head": object{"sha": "aaaa", "ref": "topic", "repo": shopRepository}}}
	forkPull = object{"repository": shopRepository,
		"pull_request": object{"number": 7, "head": object{"sha": "bbbb", "ref": "topic", "repo": forkRepository}}}
	forkRun = object{"repository": shopRepository,
		"workflow_run": object{"id": 5, "event": "pull_request", "conclusion": "failure", "head_sha": "bbbb",
			"head_branch": "to&pic", "head_repository": forkRepository, "pull_requests": []any{}}}
	forkHead = object{"number": 7, "head": object{"sha": "bbbb", "ref": "to&pic", "repo": forkRepository}}
)

const ourMarker = "<!-- featherpack:default -->\n"

// TestGitHubComment runs the comment script against a local GitHub API.
func TestGitHubComment(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("there is no node")
	}
	scripts := t.TempDir()
	hookFiles(t, "github", scripts)
	script := filepath.Join(scripts, ".github/actions/featherpack/comment.cjs")
	const text = ourMarker + "### ✅ 2 functions\n\n| `@aws-sdk/x` | 1 KiB |\n"
	for name, test := range map[string]struct {
		event  object
		text   string                          // of the report; text where it is empty
		made   func(t *testing.T, file string) // makes something else of the report
		api    func(a *githubAPI)              // what is there before
		env    []string
		fails  bool
		output string
		writes string // joined by blanks
		check  func(t *testing.T, a *githubAPI)
	}{
		"creates a comment where there is none": {event: ownPull, output: "a comment was created",
			writes: "POST /repos/acme/shop/issues/7/comments",
			check: func(t *testing.T, a *githubAPI) {
				if a.comments[0].Body != text {
					t.Errorf("%q", a.comments[0].Body)
				}
			}},
		"updates its comment, wherever it is": {event: ownPull, output: "the comment was updated",
			writes: "PATCH /repos/acme/shop/issues/comments/1249",
			api: func(a *githubAPI) {
				for range 249 {
					a.comment("reader", "+1")
				}
				a.comment(ourLogin, ourMarker+"old")
				a.comment(ourLogin, ourMarker+"a later one is left alone")
			},
			check: func(t *testing.T, a *githubAPI) {
				if a.comments[249].Body != text || len(a.comments) != 251 || !strings.Contains(a.requests[2],
					"page=3") {
					t.Errorf("%q %q", a.comments[249].Body, a.requests)
				}
			}},
		"leaves a comment that says so already": {event: ownPull, output: "the comment is unchanged",
			api: func(a *githubAPI) { a.comment(ourLogin, strings.ReplaceAll(text, "\n", "\r\n")) }},
		"never touches what others write": {event: ownPull, output: "a comment was created",
			writes: "POST /repos/acme/shop/issues/7/comments",
			api: func(a *githubAPI) {
				a.comment("mallory", ourMarker+"forged")
				a.comment("github-actions", ourMarker+"forged")
				a.comment("dependabot[bot]", ourMarker+"forged")
				a.comment(ourLogin, "quoting "+ourMarker)
				a.comment(ourLogin, "<!-- featherpack:default2 -->\nanother folder's")
				a.comments = append(a.comments, apiComment{ID: 9})
			},
			check: func(t *testing.T, a *githubAPI) {
				if !strings.HasSuffix(a.comments[0].Body, "forged") || len(a.comments) != 7 {
					t.Errorf("%+v", a.comments)
				}
			}},
		"tells several folders apart": {event: ownPull, env: []string{"FEATHERPACK_KEY=pay -->--x"},
			output: "the comment was updated", writes: "PATCH /repos/acme/shop/issues/comments/1001",
			api: func(a *githubAPI) {
				a.comment(ourLogin, ourMarker+"another folder's")
				a.comment(ourLogin, "<!-- featherpack:pay-x -->\nold")
			}},
		"makes none where nothing changed": {event: ownPull, env: []string{"FEATHERPACK_CHANGED=false"},
			output: "nothing changed"},
		"updates one even where nothing changed": {event: ownPull, env: []string{"FEATHERPACK_CHANGED=false"},
			api: func(a *githubAPI) { a.comment(ourLogin, ourMarker+"old") }, output: "the comment was updated",
			writes: "PATCH /repos/acme/shop/issues/comments/1000"},
		"posts nothing with a fork's token": {event: forkPull,
			output: "::notice title=featherpack::this pull request is from a fork, whose token may not comment"},
		"posts nothing for a push": {event: object{"repository": shopRepository,
			"ref": "refs/heads/main"}, output: "not for a pull request"},
		"posts nothing where the build left none": {event: ownPull,
			made: func(t *testing.T, file string) { os.Remove(file) }, output: "the run wrote no report"},
		"tries again what may pass": {event: ownPull, output: "a comment was created",
			writes: "POST /repos/acme/shop/issues/7/comments", api: func(a *githubAPI) {
				a.fail = func(n int, _ *http.Request) int { return []int{0, 502, 0, 500}[min(n, 4)%4] }
			}},
		"looks again after a write that may have worked": {event: ownPull, output: "a comment was created",
			api: func(a *githubAPI) {
				a.fail = func(n int, r *http.Request) int {
					if n == 2 && r.Method == http.MethodPost {
						return 503
					}
					return 0
				}
			}, writes: "POST /repos/acme/shop/issues/7/comments", check: func(t *testing.T, a *githubAPI) {
				if len(a.requests) != 4 || !strings.HasPrefix(a.requests[2], "GET ") {
					t.Errorf("%q", a.requests)
				}
			}},
		"explains a GitHub that is down": {event: ownPull, fails: true,
			api: func(a *githubAPI) { a.fail = func(int, *http.Request) int { return 500 } },
			output: "::error title=featherpack::GitHub answered 500 to GET " +
				"/repos/acme/shop/issues/7/comments?per_page=100&page=1: made%0Aup::error::x; it was tried 4 " +
				"times; run the job again",
			check: func(t *testing.T, a *githubAPI) {
				if len(a.requests) != 4 {
					t.Errorf("%d requests", len(a.requests))
				}
			}},
		"explains a token that may not comment": {event: ownPull, fails: true,
			output: `pull-requests: write"; tokens of runs that Dependabot starts are read-only`,
			api: func(a *githubAPI) {
				a.fail = func(_ int, r *http.Request) int {
					if r.Method == http.MethodPost {
						return 403
					}
					return 0
				}
			},
			check: func(t *testing.T, a *githubAPI) {
				if len(a.requests) != 2 {
					t.Errorf("%q was tried again", a.requests)
				}
			}},
		"explains what a token may not see": {event: ownPull, fails: true,
			output: "GitHub hides what a token cannot access",
			api:    func(a *githubAPI) { a.fail = func(int, *http.Request) int { return 404 } }},
		"explains a wrong token": {event: ownPull, fails: true, env: []string{"FEATHERPACK_TOKEN=other"},
			output: "the token is invalid"},
		"explains a missing token": {event: ownPull, fails: true, env: []string{"FEATHERPACK_TOKEN="},
			output: "there is no token"},
		"follows no redirection": {event: ownPull, fails: true, output: "does not answer",
			api: func(a *githubAPI) { a.fail = func(int, *http.Request) int { return 307 } }},

		"posts for a fork what GitHub says is its pull request": {event: forkRun, output: "a comment was created",
			writes: "POST /repos/acme/shop/issues/7/comments",
			text: "<!-- featherpack:default -->\n<!-- featherpack:pay -->\n" + text +
				"pull request 8, <!-- featherpack:x -->\n",
			made: func(t *testing.T, file string) {
				clitest.Write(t, filepath.Join(filepath.Dir(file), "number"),
					"8")
			},
			api: func(a *githubAPI) {
				// GitHub may ignore the filter and list everything.
				a.pulls = []map[string]any{
					{"number": 8, "head": object{"sha": "bbbb", "ref": "other", "repo": forkRepository}},
					{"number": 9, "head": object{"sha": "cccc", "ref": "to&pic", "repo": forkRepository}},
					{"number": 10, "head": object{"sha": "bbbb", "ref": "to&pic", "repo": object{"id": 3}}},
					{"number": 11, "head": object{"sha": "bbbb", "ref": "to&pic", "repo": nil}},
					forkHead,
				}
			},
			check: func(t *testing.T, a *githubAPI) {
				body := a.comments[0].Body
				if !strings.HasPrefix(body,
					ourMarker+"*From a fork: its own run wrote this text, so do not trust it.*\n") ||
					strings.Count(body, "<!--") != 1 || !strings.Contains(body, "| `@\u200baws-sdk/x` | 1 KiB |") {
					t.Errorf("%q", body)
				}
				if !strings.Contains(a.requests[0], "/pulls?state=open&head=mallory%3Ato%26pic&") {
					t.Errorf("%q", a.requests[0])
				}
			}},
		"posts nothing where the fork has gone on": {event: forkRun,
			output: "no open pull request has bbbb at its head", api: func(a *githubAPI) {
				a.pulls = []map[string]any{{"number": 7,
					"head": object{"sha": "dddd", "ref": "to&pic", "repo": forkRepository}}}
			}},
		"posts nothing where it would be a guess": {event: forkRun, output: "several pull requests",
			api: func(a *githubAPI) { a.pulls = []map[string]any{forkHead, forkHead} }},
		"posts nothing for a run of another event": {event: object{"repository": shopRepository,
			"workflow_run": object{"event": "push", "head_repository": forkRepository}},
			output: "not for a pull request"},
		"posts nothing for a run of its own": {event: object{"repository": shopRepository,
			"workflow_run": object{"event": "pull_request", "head_repository": shopRepository}},
			output: "posts its own comment"},
		"keeps a fork's text lifeless": {event: forkRun, output: "a comment was created",
			writes: "POST /repos/acme/shop/issues/7/comments",
			api:    func(a *githubAPI) { a.pulls = []map[string]any{forkHead} },
			text: "<details><summary>fine</summary>\n\n</details>\n<script>alert(1)</script> <img src=x " +
				"onerror=y> <details open> <a href='x'>\n@acme/admins &#64;acme/admins " +
				"a@example.org\n![x](https://e.example/p.png) [click](javascript:x) [r][l]\n[l]: " +
				"https://e.example\nwww.e.example acme/shop#12 GH-12 \u202egnp\u0007\n::set-output name=x::y\n",
			check: func(t *testing.T, a *githubAPI) {
				body := strings.TrimPrefix(a.comments[0].Body, ourMarker)
				for _, live := range []string{"<script", "</script", "<img", "<a ", "<details open", "@acme", "&#64;",
					"a@e", "](", "]:", "][", "://", "www.e", "#12", "GH-12", "\u202e", "\u0007"} {
					if strings.Contains(body, live) {
						t.Errorf("%q is still in %q", live, body)
					}
				}
				if !strings.Contains(body, "<details><summary>fine</summary>") {
					t.Errorf("%q", body)
				}
			}},
		"cuts a text that is too long": {event: ownPull, output: "a comment was created",
			writes: "POST /repos/acme/shop/issues/7/comments", text: strings.Repeat("line 🦜\n", 10_000),
			check: func(t *testing.T, a *githubAPI) {
				if body := a.comments[0].Body; len(body) < 50_000 || len([]rune(body)) > 60_100 ||
					!strings.Contains(body, "Shortened to fit") || !strings.HasSuffix(body, "🦜\n") {
					t.Errorf("%d bytes ending in %q", len(body), body[len(body)-20:])
				}
			}},
		"cuts a line that is too long": {event: ownPull, output: "a comment was created",
			writes: "POST /repos/acme/shop/issues/7/comments", text: strings.Repeat("🦜", 40_000)},
		"reads no flood": {event: forkRun, fails: true, output: "more than the limit of",
			text: strings.Repeat("x", 1<<18+1)},
		"reads no link": {event: forkRun, fails: true, output: "is a symlink", made: func(t *testing.T, file string) {
			os.Remove(file)
			if err := os.Symlink("/etc/passwd", file); err != nil {
				t.Fatal(err)
			}
		}},
		"reads no folder": {event: forkRun, fails: true, output: "not a regular file",
			made: func(t *testing.T, file string) {
				os.Remove(file)
				os.Mkdir(file, 0o755)
			}},
		"reads no device": {event: forkRun, fails: true, output: "not a regular file",
			made: func(t *testing.T, file string) {
				os.Remove(file)
				if output, err := exec.Command("mkfifo", file).CombinedOutput(); err != nil {
					t.Fatal(string(output))
				}
			}},
		"posts nothing where the report is empty": {event: ownPull, fails: true, output: "is empty",
			text: ourMarker + " \n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newGitHubAPI(t)
			if test.api != nil {
				test.api(api)
			}
			dir := t.TempDir()
			file := filepath.Join(dir, "artifact", "comment.md")
			if test.text == "" {
				test.text = text
			}
			clitest.Write(t, file, test.text)
			if test.made != nil {
				test.made(t, file)
			}
			event, err := json.Marshal(test.event)
			if err != nil {
				t.Fatal(err)
			}
			clitest.Write(t, filepath.Join(dir, "event.json"), string(event))
			cmd := exec.Command("node", script)
			cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "GITHUB_API_URL=" + api.URL,
				"GITHUB_EVENT_PATH=" + filepath.Join(dir, "event.json"), "FEATHERPACK_TOKEN=" + githubToken,
				"FEATHERPACK_MARKDOWN=" + file}, test.env...)
			output, err := cmd.CombinedOutput()
			if (err != nil) != test.fails || !strings.Contains(string(output), test.output) ||
				strings.Contains(string(output), githubToken) {
				t.Errorf("%v\n%s", err, output)
			}
			if strings.Count(string(output), "\n") != 1 {
				t.Errorf("more than a line is output:\n%s", output)
			}
			if got := strings.Join(api.writes, " "); got != test.writes {
				t.Errorf("wrote %q, want %q", got, test.writes)
			}
			if test.check != nil && !t.Failed() {
				test.check(t, api)
			}
		})
	}
}
