package serverlesstest

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/reporters"
)

// frameworks are the packages of testdata/hooks/serverless that every test of the
// hook runs with. Serverless Framework 4 is not among them: it downloads itself from
// outside npm, and needs a licence key.
var frameworks = []string{"serverless", "osls"}

// frameworksOnce are the frameworks for a test that runs the same steps with each:
// all of them if clitest.Long, else only the maintained one.
func frameworksOnce() []string {
	if clitest.Long() {
		return frameworks
	}
	return []string{"osls"}
}

// compiled makes each framework compile its schema of serverless.yml once, which
// takes longer than everything else. The framework keeps the result in its home folder.
var compiled = map[string]func(*testing.T) string{"serverless": once("serverless"), "osls": once("osls")}

func once(framework string) func(*testing.T) string {
	var once sync.Once
	return func(t *testing.T) string {
		home := filepath.Join(clitest.Shared(), framework)
		once.Do(func() {
			cmd := exec.Command("node", frameworkScript(t, framework), "package", "--stage", "prod")
			cmd.Dir, cmd.Env = layService(t), append(frameworkEnv(t), "HOME="+home)
			if output, status := clitest.Outcome(t, cmd); status != 0 {
				t.Fatal(output)
			}
		})
		return home
	}
}

func frameworkScript(t *testing.T, framework string) string {
	return clitest.Testdata(t, "hooks", "serverless", "node_modules", framework, "bin", "serverless.js")
}

func frameworkEnv(t *testing.T) []string {
	return append(os.Environ(),
		"GOCACHE="+clitest.GoEnv(t, "GOCACHE"), "GOMODCACHE="+clitest.GoEnv(t, "GOMODCACHE"),
		"FEATHERPACK_BINARY="+clitest.Path(t), "NO_COLOR=1",
		"SLS_TELEMETRY_DISABLED=1", "SLS_NOTIFICATIONS_MODE=off",
		"AWS_EC2_METADATA_DISABLED=true", "AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=", "AWS_PROFILE=")
}

// sls runs a framework in a service's folder, with its own home folder, without
// credentials, and with featherpack as the binary. env overrides other variables.
func sls(t *testing.T, framework, dir string, env []string, args ...string) (output string, status int) {
	t.Helper()
	return clitest.Outcome(t, slsCommand(t, framework, dir, env, args...))
}

func slsCommand(t *testing.T, framework, dir string, env []string, args ...string) *exec.Cmd {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(t.TempDir(), "home")
	clitest.Copy(t, compiled[framework](t), home)
	cmd := exec.Command(node, append([]string{frameworkScript(t, framework)}, args...)...)
	cmd.Dir, cmd.Env = dir, append(frameworkEnv(t), "HOME="+home)
	cmd.Env = append(cmd.Env, env...)
	return cmd
}

// mustSls is sls, but a failure ends the test.
func mustSls(t *testing.T, framework, dir string, env []string, args ...string) string {
	t.Helper()
	output, status := sls(t, framework, dir, env, args...)
	if status != 0 {
		t.Fatalf("%s %s: exit status %d\n%s", framework, strings.Join(args, " "), status, output)
	}
	return output
}

func installFrameworks(t *testing.T) {
	t.Helper()
	clitest.Install(t, clitest.Testdata(t, "hooks", "serverless"))
}

// writeHookTo puts the plugin into a service.
func writeHookTo(t *testing.T, dir string) {
	t.Helper()
	clitest.Must(t, "hook", "serverless", "--write", dir)
}

// stack has the functions of a framework's CloudFormation template.
type stack struct {
	// key maps functions to the last part of the S3 key, and sha to the version's
	// CodeSha256.
	key, sha map[string]string
	layers   []string
}

// stackOf reads the template that a framework wrote. A function's name in it consists of
// the service, the stage and the function.
func stackOf(t *testing.T, dir, prefix string) stack {
	t.Helper()
	var template struct {
		Resources map[string]struct {
			Type       string
			Properties struct {
				FunctionName any
				Code         struct{ S3Key string }
				Content      struct{ S3Key string }
				CodeSha256   string
			}
		}
	}
	if err := json.Unmarshal(clitest.Read(t,
		filepath.Join(dir, ".serverless", "cloudformation-template-update-stack.json")), &template); err != nil {
		t.Fatal(err)
	}
	s := stack{key: map[string]string{}, sha: map[string]string{}}
	for _, r := range template.Resources {
		switch r.Type {
		case "AWS::Lambda::Function":
			s.key[strings.TrimPrefix(r.Properties.FunctionName.(string), prefix)] = path.Base(r.Properties.Code.S3Key)
		case "AWS::Lambda::LayerVersion":
			s.layers = append(s.layers, path.Base(r.Properties.Content.S3Key))
		}
	}
	for _, r := range template.Resources {
		if r.Type == "AWS::Lambda::Version" {
			ref := r.Properties.FunctionName.(map[string]any)["Ref"].(string)
			name := template.Resources[ref].Properties.FunctionName.(string)
			s.sha[strings.TrimPrefix(name, prefix)] = r.Properties.CodeSha256
		}
	}
	return s
}

// TestServerlessOrders packages the sample service twice with each framework. The zips to
// deploy must equal the built ones byte for byte and must start, and no file may contain
// the environment's secrets.
func TestServerlessOrders(t *testing.T) {
	clitest.SkipUnlessLong(t)
	installFrameworks(t)
	source := clitest.Testdata(t, "apps", "orders")
	clitest.Install(t, source)
	token := make([]byte, 16)
	if _, err := rand.Read(token); err != nil {
		t.Fatal(err)
	}
	secret := hex.EncodeToString(token)
	env := []string{"DATABASE_URL=postgres://orders:" + secret + "@db.internal/orders"}

	work := t.TempDir()
	plain := filepath.Join(work, "plain")
	stdout := clitest.Must(t, "build", "--compress", "best", "--out", plain, "--json", source)
	want, err := reporters.Read(strings.NewReader(stdout))
	if err != nil {
		t.Fatal(err)
	}
	for _, framework := range frameworksOnce() {
		t.Run(framework, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(work, "größere dienste", framework)
			if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
				t.Fatal(err)
			}
			clitest.Copy(t, source, dir)
			plugIntoOrders(t, dir, "")
			output := mustSls(t, framework, dir, env, "package")
			if !strings.Contains(output, "featherpack: 16 functions, ") || !strings.Contains(output,
				"KiB, unbundled about ") {
				t.Errorf("the sizes are not told:\n%s", output)
			}
			first := stackOf(t, dir, "orders-dev-")
			if len(first.key) != len(want.Functions) || len(first.sha) != len(want.Functions) {
				t.Fatalf("%d functions and %d versions, not %d", len(first.key), len(first.sha), len(want.Functions))
			}
			for _, f := range want.Functions {
				zip := filepath.Join(dir, ".serverless", f.Name+".featherpack.zip")
				if first.key[f.Name] != filepath.Base(zip) {
					t.Errorf("%s: the template points at %s", f.Name, first.key[f.Name])
				}
				if got := stateArtifact(t, dir, f.Name); got != zip {
					t.Errorf("%s: the framework ships %s, not %s", f.Name, got, zip)
				}
				if !bytes.Equal(clitest.Read(t, zip), clitest.Read(t, filepath.Join(plain, f.Artifact.Name))) {
					t.Errorf("%s: another zip than a build's", f.Name)
				}
				if first.sha[f.Name] != f.Artifact.CodeSHA256 {
					t.Errorf("%s: the template says %s, not %s", f.Name, first.sha[f.Name], f.Artifact.CodeSHA256)
				}
			}

			mustNotHold(t, filepath.Join(dir, outdir.Default), secret)

			// Package again. With one of the frameworks, every function is started from
			// its zip; the zips of the other one are identical.
			t.Run("again", func(t *testing.T) {
				clitest.SkipUnlessLong(t)
				boot := framework == "osls"
				if boot {
					plugIntoOrders(t, dir, "  featherpack: {boot: true}\n")
				}
				mustSls(t, framework, dir, env, "package")
				second := stackOf(t, dir, "orders-dev-")
				if !maps.Equal(first.sha, second.sha) || !maps.Equal(first.key, second.key) {
					t.Errorf("a second run changes hashes:\n%v\n%v", first.sha, second.sha)
				}
				report, err := reporters.Read(bytes.NewReader(clitest.Read(t,
					filepath.Join(dir, outdir.Default, "report.json"))))
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range report.Functions {
					if !boot {
						break
					}
					if f.Boot == nil || f.Boot.Status != "loads" {
						t.Errorf("%s does not start: %+v", f.ID, f.Boot)
					} else if slices.Contains(f.Boot.Placeholders, "DATABASE_URL") {
						t.Errorf("%s is started without the value that the framework resolved", f.ID)
					}
				}
				mustNotHold(t, filepath.Join(dir, outdir.Default), secret)
			})
		})
	}
}

// plugIntoOrders adds the plugin and its options to a copy's manifest, and replaces an
// environment variable whose value only an account has.
func plugIntoOrders(t *testing.T, dir, options string) {
	t.Helper()
	name := filepath.Join(dir, "serverless.yml")
	text := string(clitest.Read(t, clitest.Testdata(t, "apps", "orders", "serverless.yml")))
	for _, change := range [][2]string{
		{"${ssm:/orders/${sls:stage}/database-url}", "${env:DATABASE_URL}"},
		{"\ncustom:\n", "\nplugins: [./serverless-featherpack.cjs]\ncustom:\n" + options},
	} {
		if !strings.Contains(text, change[0]) {
			t.Fatalf("the sample service has no %q", change[0])
		}
		text = strings.Replace(text, change[0], change[1], 1)
	}
	// The copy may be a link to the original.
	if err := errors.Join(os.Remove(name), os.WriteFile(name, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
	writeHookTo(t, dir)
}

// stateArtifact is the zip that a later deploy of the package uses.
func stateArtifact(t *testing.T, dir, function string) string {
	t.Helper()
	var state struct {
		Service struct {
			Functions map[string]struct{ Package struct{ Artifact string } }
		}
	}
	if err := json.Unmarshal(clitest.Read(t, filepath.Join(dir, ".serverless", "serverless-state.json")),
		&state); err != nil {
		t.Fatal(err)
	}
	return state.Service.Functions[function].Package.Artifact
}

// mustNotHold checks that no file below a folder contains a text, plain or in base64.
func mustNotHold(t *testing.T, dir, text string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		files++
		content := clitest.Read(t, at)
		if bytes.Contains(content, []byte(text)) || bytes.Contains(content,
			[]byte(base64.StdEncoding.EncodeToString([]byte(text)))) {
			t.Errorf("%s holds a secret", at)
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Errorf("%d files looked at: %v", files, err)
	}
}
