//go:build unix

package attackstest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// secret is what the attacks are after.
const secret = "s3cr3t-4f1c"

// limit is how long one command may take.
const limit = 20 * time.Second

// run makes the attack's tree and runs its commands as a user.
func (a attack) run(t *testing.T, program string, as user) {
	t.Helper()
	if a.needs != "" {
		if _, err := exec.LookPath(a.needs); err != nil {
			t.Skipf("%s is not installed", a.needs)
		}
	}
	if a.links && as.id != 0 {
		t.Skip("it links a Go program")
	}
	top := folder(t)
	project, outside := filepath.Join(top, "p"), filepath.Join(top, "outside")
	expand := strings.NewReplacer("@outside@", outside, "@secret@", secret, "@project@", project)
	for _, dir := range []string{project, outside, filepath.Join(top, "home"), filepath.Join(top, "tmp")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	files := map[string]string{"outside/secret": "TOKEN=@secret@\n"}
	for _, f := range a.files {
		files[f.Name] = string(f.Data)
	}
	for name, text := range files {
		name = filepath.Join(top, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(expand.Replace(text)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	as.owns(t, top)
	r := runner{dir: project, user: as, env: []string{
		"PATH=" + filepath.Dir(program) + string(os.PathListSeparator) + os.Getenv("PATH"),
		"HOME=" + filepath.Join(top, "home"), "TMPDIR=" + filepath.Join(top, "tmp"), "NO_COLOR=1",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org",
		"GOCACHE=" + as.goCache(t, program), "GOPROXY=off",
	}}
	if _, err := os.Lstat(filepath.Join(project, ".git")); err != nil && !strings.Contains(strings.Join(a.sh, " "), "git init") {
		if err := os.Mkdir(filepath.Join(project, ".git"), 0o755); err != nil { // it ends the search for the root
			t.Fatal(err)
		}
		as.owns(t, filepath.Join(project, ".git"))
	}
	for _, command := range a.sh {
		if output, status := r.run(t, "sh", "-ec", expand.Replace(command)); status != 0 {
			t.Fatalf("%s: exit status %d\n%s", command, status, output)
		}
	}
	for _, variable := range a.env {
		r.env = append(r.env, expand.Replace(variable))
	}
	before, old := snapshot(t, outside), snapshot(t, project)
	var output string
	status := -1
	for _, line := range a.runs {
		output, status = r.run(t, program, strings.Fields(expand.Replace(line))...)
	}
	if status != a.exit {
		t.Errorf("exit status %d, want %d\n%s", status, a.exit, output)
	}
	for _, want := range a.says {
		if !strings.Contains(output, expand.Replace(want)) {
			t.Errorf("the output lacks %q\n%s", want, output)
		}
	}
	for _, text := range a.unsaid {
		if strings.Contains(output, expand.Replace(text)) {
			t.Errorf("the output contains %q\n%s", text, output)
		}
	}
	never := []string{secret}
	for _, text := range a.never {
		never = append(never, expand.Replace(text))
	}
	for _, text := range never {
		if strings.Contains(output, text) {
			t.Errorf("the output contains %q\n%s", text, output)
		}
	}
	if diff := cmp.Diff(before, snapshot(t, outside)); diff != "" {
		t.Errorf("something outside the project changed: %s", diff)
	}
	if left, _ := filepath.Glob(filepath.Join(top, "tmp", "featherpack-*")); len(left) > 0 {
		t.Errorf("temporary files were left: %q", left)
	}
	after := snapshot(t, project)
	for _, name := range a.keeps {
		if old[name] == "" || after[name] != old[name] {
			t.Errorf("%s did not stay as it was", name)
		}
	}
	for name, digest := range after {
		if old[name] == digest || a.packs {
			continue
		}
		for at, text := range contents(t, filepath.Join(project, name)) {
			for _, n := range never {
				if strings.Contains(text, n) || strings.Contains(at, n) {
					t.Errorf("%s %s contains %q", name, at, n)
				}
			}
		}
	}
}

// folder makes a folder that other users can enter, and removes it after the test.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "attack-")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// runner runs programs in a folder.
type runner struct {
	dir  string
	user user
	env  []string
}

func (r runner) run(t *testing.T, name string, args ...string) (output string, status int) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), limit)
	defer stop()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = r.dir, r.env, 5*time.Second
	r.user.become(cmd)
	var text bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, &text
	err := cmd.Run()
	if ctx.Err() != nil {
		t.Errorf("%s %s does not end", name, args)
	}
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return text.String(), cmd.ProcessState.ExitCode()
}

// snapshot maps the files and links below dir to digests of their mode and content.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil || rel == ".git" {
			return fs.SkipDir
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		found[rel] = info.Mode().String()
		switch {
		case info.Mode().IsRegular():
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			found[rel] += fmt.Sprintf(" %x", sha256.Sum256(text))
		case info.Mode()&fs.ModeSymlink != 0:
			target, err := os.Readlink(name)
			if err != nil {
				return err
			}
			found[rel] += " " + target
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// contents returns a file's text, or the names and texts of a zip's entries.
func contents(t *testing.T, name string) map[string]string {
	t.Helper()
	if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	if filepath.Ext(name) != ".zip" {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return map[string]string{"": string(text)}
	}
	found := map[string]string{}
	for entry, packed := range clitest.Zip(t, name) {
		found[entry] = string(packed.Content)
	}
	return found
}
