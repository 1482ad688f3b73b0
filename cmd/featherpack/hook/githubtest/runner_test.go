package githubtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// runner runs the jobs of workflows like GitHub's runner: contexts, conditions, the steps
// of composite actions, and the files through which steps communicate. It replaces
// GitHub's own actions: a checkout is the existing workspace.
type runner struct {
	t         *testing.T
	workspace string
	event     object
	api       *githubAPI
	env       []string // more environment, for every step
	temp      string
	// artifacts maps names to folders.
	artifacts map[string]string
	// The result of a job: its log, its step summary and its conclusion.
	log, summary string
	failed       bool
	uses         []string
}

type workflow struct {
	Name        string
	On          any
	Permissions map[string]string
	Concurrency map[string]any
	Jobs        map[string]workflowJob
}

type workflowJob struct {
	If          string
	RunsOn      string `yaml:"runs-on"`
	Timeout     int    `yaml:"timeout-minutes"`
	Permissions map[string]string
	Steps       []workflowStep
}

type workflowStep struct {
	ID, Name, If, Uses, Run, Shell string
	With, Env                      map[string]any
	ContinueOnError                bool `yaml:"continue-on-error"`
}

type action struct {
	Name, Description string
	Inputs            map[string]struct {
		Description string
		Default     any
		Required    bool
	}
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []workflowStep
	}
}

// readYAML reads a file strictly: an unknown key is an error.
func readYAML[T any](t *testing.T, name string) (v T) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalWithOptions(text, &v, yaml.Strict()); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

// job runs the only job of a workflow. ran is false if its condition is false.
func (r *runner) job(name string) (ran bool) {
	r.t.Helper()
	w := readYAML[workflow](r.t, filepath.Join(r.workspace, ".github/workflows", name))
	r.temp, r.log, r.summary, r.failed, r.uses = r.t.TempDir(), "", "# of another step\n", false, nil
	clitest.Write(r.t, filepath.Join(r.temp, "event.json"), r.marshal(r.event))
	clitest.Write(r.t, filepath.Join(r.temp, "summary"), r.summary)
	for _, job := range w.Jobs {
		scope := object{"github": object{"event": r.event, "repository": "acme/shop", "token": githubToken},
			"runner": object{"temp": r.temp}, "steps": object{}}
		if !truthy(expression(job.If, scope)) {
			return false
		}
		r.failed = !r.steps(job.Steps, scope)
	}
	summary, err := os.ReadFile(filepath.Join(r.temp, "summary"))
	if err != nil {
		r.t.Fatal(err)
	}
	r.summary = string(summary)
	return true
}

func (r *runner) marshal(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(text)
}

// steps runs steps until one fails, and then the ones that always run.
func (r *runner) steps(steps []workflowStep, scope object) (good bool) {
	good = true
	for _, s := range steps {
		always := strings.Contains(s.If, "always()")
		if !good && !always || s.If != "" && !truthy(expression(s.If, scope)) {
			continue
		}
		outputs := object{}
		ok := r.step(s, scope, outputs)
		if s.ID != "" {
			scope["steps"].(object)[s.ID] = object{"outputs": outputs}
		}
		if !ok && !s.ContinueOnError {
			good = false
		}
	}
	return good
}

func (r *runner) step(s workflowStep, scope, outputs object) bool {
	with := func(name string) string { return interpolate(fmt.Sprint(s.With[name]), scope) }
	played, _, _ := strings.Cut(s.Uses, "@")
	r.uses = append(r.uses, played)
	switch {
	case s.Run != "":
		return r.run(s, scope, outputs)
	case played == "actions/checkout":
		return true
	case played == "actions/upload-artifact":
		if r.artifacts[with("name")] != "" {
			r.t.Errorf("two artifacts are called %s", with("name"))
		}
		r.artifacts[with("name")] = with("path")
		return true
	case played == "actions/download-artifact":
		from := r.artifacts[with("name")]
		if from == "" || with("github-token") != githubToken {
			return false
		}
		return os.CopyFS(with("path"), os.DirFS(from)) == nil
	case strings.HasPrefix(played, "./"):
		dir := filepath.Join(r.workspace, played)
		a := readYAML[action](r.t, filepath.Join(dir, "action.yml"))
		inputs := object{}
		for name, input := range a.Inputs {
			inputs[name] = interpolate(fmt.Sprint(input.Default), scope)
		}
		for name := range s.With {
			if _, known := inputs[name]; !known {
				r.t.Errorf("the action has no input %s", name)
			}
			inputs[name] = with(name)
		}
		inner := maps.Clone(scope)
		github := maps.Clone(scope["github"].(object))
		github["action_path"] = dir
		inner["github"], inner["inputs"], inner["steps"] = github, inputs, object{}
		return r.steps(a.Runs.Steps, inner)
	}
	r.t.Fatalf("a step of a kind that is not known: %+v", s)
	return false
}

func (r *runner) run(s workflowStep, scope, outputs object) bool {
	if s.Shell != "bash" {
		r.t.Errorf("step %q runs in %q", s.Name, s.Shell)
	}
	file := filepath.Join(r.temp, "output")
	clitest.Write(r.t, file, "")
	cmd := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", s.Run)
	cmd.Dir = r.workspace
	cmd.Env = append(os.Environ(), "CI=true", "GITHUB_ACTIONS=true", "GITHUB_BASE_REF=main",
		"GITHUB_REPOSITORY=acme/shop", "GITHUB_API_URL="+r.api.URL, "RUNNER_TEMP="+r.temp,
		"GITHUB_EVENT_PATH="+filepath.Join(r.temp, "event.json"), "GITHUB_STEP_SUMMARY="+filepath.Join(r.temp,
			"summary"), "GITHUB_OUTPUT="+file)
	cmd.Env = append(cmd.Env, r.env...)
	for name, value := range s.Env {
		text := interpolate(fmt.Sprint(value), scope)
		cmd.Env = append(cmd.Env, name+"="+text)
		if strings.Contains(text, githubToken) && !strings.Contains(s.Run, "comment.cjs") {
			r.t.Errorf("step %q is given the token", s.Name)
		}
	}
	log, err := cmd.CombinedOutput()
	r.log += string(log)
	written, readErr := os.ReadFile(file)
	if readErr != nil {
		r.t.Fatal(readErr)
	}
	for line := range strings.Lines(string(written)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			outputs[name] = value
		}
	}
	return err == nil
}

var dollar = regexp.MustCompile(`\$\{\{(.*?)\}\}`)

func interpolate(text string, scope object) string {
	return dollar.ReplaceAllStringFunc(text, func(found string) string {
		return fmt.Sprint(expression(dollar.FindStringSubmatch(found)[1], scope))
	})
}

// expression evaluates the kinds of GitHub expressions that the files use: paths, strings,
// == and !=, && and ||. Source:
// docs.github.com/en/actions/reference/workflows-and-actions/expressions
func expression(text string, scope object) any {
	text = strings.TrimSpace(text)
	if left, right, ok := strings.Cut(text, "||"); ok {
		return truthy(expression(left, scope)) || truthy(expression(right, scope))
	}
	if left, right, ok := strings.Cut(text, "&&"); ok {
		return truthy(expression(left, scope)) && truthy(expression(right, scope))
	}
	if left, right, ok := strings.Cut(text, "!="); ok {
		return fmt.Sprint(expression(left, scope)) != fmt.Sprint(expression(right, scope))
	}
	if left, right, ok := strings.Cut(text, "=="); ok {
		return fmt.Sprint(expression(left, scope)) == fmt.Sprint(expression(right, scope))
	}
	if text == "always()" || text == "" {
		return true
	}
	if literal, ok := strings.CutPrefix(text, "'"); ok {
		return strings.TrimSuffix(literal, "'")
	}
	var at any = scope
	for name := range strings.SplitSeq(text, ".") {
		members, ok := at.(object)
		if !ok {
			return ""
		}
		if at, ok = members[name]; !ok {
			return ""
		}
	}
	return at
}

func truthy(v any) bool { return v != nil && v != false && v != "" }

// untrusted matches expressions that use a part of the event which anybody can write.
var untrusted = regexp.MustCompile(`\$\{\{[^}]*(title|body|head_ref|head_branch|label|message|login|email)`)

// TestGitHubWorkflows checks the files for known unsafe uses of workflows.
func TestGitHubWorkflows(t *testing.T) {
	dir := t.TempDir()
	hookFiles(t, "github", dir)
	pinned := regexp.MustCompile(`uses: (\./\S+|[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)(\s|$)`)
	allowed := map[string]map[string]string{
		"featherpack.yml":         {"contents": "read", "pull-requests": "write"},
		"featherpack-report.yml":  {"contents": "read"},
		"featherpack-comment.yml": {"contents": "read", "pull-requests": "write", "actions": "read"},
	}
	check := func(name string, steps []workflowStep) {
		for _, s := range steps {
			if strings.Contains(s.Run, "${{") {
				t.Errorf("%s: a value is put into a shell: %s", name, s.Run)
			}
			if strings.HasPrefix(s.Uses, "actions/checkout@") && (s.With["persist-credentials"] != false ||
				s.With["ref"] != nil || s.With["repository"] != nil) {
				t.Errorf("%s: the checkout keeps its token, or is of a place of its own: %v", name, s.With)
			}
		}
	}
	names, err := filepath.Glob(filepath.Join(dir, ".github/workflows/*.yml"))
	if err != nil || len(names) != len(allowed) {
		t.Fatal(names, err)
	}
	for _, file := range append(names, filepath.Join(dir, ".github/actions/featherpack/action.yml")) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		for line := range strings.Lines(string(text)) {
			if strings.Contains(line, "uses: ") && !pinned.MatchString(line) {
				t.Errorf("%s: not pinned: %s", name, line)
			}
			if untrusted.MatchString(line) {
				t.Errorf("%s: what anybody may choose is put into the file: %s", name, line)
			}
		}
		if strings.Contains(string(text), "pull_request_target") || strings.Contains(string(text), "secrets.") ||
			strings.Contains(string(text), "<%") {
			t.Errorf("%s: pull_request_target, a secret, or a value that was not filled in", name)
		}
		if name == "action.yml" {
			a := readYAML[action](t, file)
			check(name, a.Runs.Steps)
			if a.Runs.Using != "composite" || a.Inputs["token"].Default != "${{ github.token }}" ||
				a.Inputs["version"].Default != "1.2.3" {
				t.Errorf("%+v", a)
			}
			continue
		}
		w := readYAML[workflow](t, file)
		if len(w.Jobs) != 1 || w.Permissions == nil || len(w.Permissions) != 0 {
			t.Errorf("%s: %d jobs, permissions %v", name, len(w.Jobs), w.Permissions)
		}
		for _, job := range w.Jobs {
			check(name, job.Steps)
			if !maps.Equal(job.Permissions, allowed[name]) || job.Timeout == 0 || job.If == "" {
				t.Errorf("%s: %+v", name, job)
			}
			// A job that a fork starts and that has write permissions runs nothing from
			// the fork.
			if on, ok := w.On.(map[string]any); ok && on["workflow_run"] != nil {
				if slices.ContainsFunc(job.Steps, func(s workflowStep) bool {
					return strings.HasPrefix(s.Uses,
						"./")
				}) {
					t.Errorf("%s: builds", name)
				}
			} else if w.On != "pull_request" {
				t.Errorf("%s: runs on %v", name, w.On)
			}
		}
	}
}
