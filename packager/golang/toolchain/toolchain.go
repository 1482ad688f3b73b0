package toolchain

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"go/version"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin"
)

// oldestGo is the oldest supported toolchain: the first that supports GOTOOLCHAIN
// and toolchain lines. https://go.dev/doc/toolchain
const oldestGo = "go1.21"

// Toolchain is a go command with its folders.
type Toolchain struct {
	Version string // such as go1.26.8
	GOROOT  string
	// ModCache is the folder of the module cache.
	ModCache string
	// GOFLAGS are the user's, from the environment or `go env -w`.
	GOFLAGS string
	// GOWORK is that of the environment: "", "off" or a path.
	GOWORK string
	// Shown are the environment settings that affect a program's bytes.
	Shown map[string]string

	command string
	env     []string
	// hide replaces this machine's folders in messages. secrets removes credentials
	// from them.
	hide    *strings.Replacer
	secrets gobin.Secrets
}

// passed lists the variables that are passed to the toolchain: the locations of its
// folders and how it downloads modules. GOFLAGS, GOTOOLCHAIN and other variables
// that change a build are set by this package.
var passed = []string{
	"PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "LANG", "SSH_AUTH_SOCK", "NETRC",
	"XDG_CACHE_HOME", "XDG_CONFIG_HOME",
	"SYSTEMROOT", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "TEMP", "TMP", "PATHEXT", "COMSPEC",
	"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
	"SSL_CERT_FILE", "SSL_CERT_DIR",
	"GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_TERMINAL_PROMPT", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH",
	"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_COUNT",
	"GOROOT", "GOPATH", "GOMODCACHE", "GOCACHE", "GOTMPDIR", "GOENV",
	"GOPROXY", "GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOSUMDB", "GOINSECURE", "GOVCS", "GOAUTH",
	"GOAMD64", "GOARM64", "GOEXPERIMENT", "GOFIPS140",
}

// Find runs a go command to get its version and folders: the one at the absolute path
// command, or the one on PATH if that is "". root is the project's, which messages are
// relative to.
func Find(ctx context.Context, root, command string) (*Toolchain, error) {
	named, where := command != "", "the go command of this build"
	if !named {
		where = "the go command on PATH"
		var err error
		if command, err = exec.LookPath("go"); err != nil {
			return nil, analyzer.Diagnostic{
				Code: "no-go-toolchain", Severity: analyzer.Error,
				Message: "no go command on PATH",
				Hint:    "install Go from https://go.dev/dl and put its bin folder on PATH",
			}
		}
	}
	t := &Toolchain{command: command, GOWORK: os.Getenv("GOWORK"), hide: strings.NewReplacer()}
	for _, name := range passed {
		if named && name == "GOROOT" {
			continue // it is that of the one on PATH
		}
		if v, ok := os.LookupEnv(name); ok {
			t.env = append(t.env, name+"="+v)
		}
	}
	// With GIT_CONFIG_COUNT, git reads settings from numbered variables.
	for _, kv := range os.Environ() {
		if strings.HasPrefix(kv, "GIT_CONFIG_KEY_") || strings.HasPrefix(kv, "GIT_CONFIG_VALUE_") {
			t.env = append(t.env, kv)
		}
	}
	t.env = append(t.env, "GOTOOLCHAIN=local", "GOTELEMETRY=off")
	t.secrets = gobin.SecretsOf(t.env)

	// Run outside the project, so that no go.mod affects the output.
	var stdout bytes.Buffer
	if text, err := t.Run(ctx, os.TempDir(), []string{"GOWORK=off"}, &stdout, "env", "-json",
		"GOVERSION", "GOROOT", "GOMODCACHE", "GOCACHE", "GOFLAGS", "GOPROXY",
		"GOAMD64", "GOARM64", "GOEXPERIMENT", "GOFIPS140"); ctx.Err() != nil {
		return nil, ctx.Err()
	} else if err != nil {
		return nil, analyzer.Diagnostic{
			Code: "go-toolchain", Severity: analyzer.Error,
			Message: "`go env` failed: " + t.Clean(FirstLine(text, err)),
			Hint:    "run `go env` in a shell and fix its error",
		}
	}
	var env map[string]string
	if err := json.Unmarshal(stdout.Bytes(), &env); err != nil {
		return nil, fmt.Errorf("reading the output of `go env`: %w", err)
	}
	// A development build calls itself "devel go1.27-abcdef ...".
	t.Version = env["GOVERSION"]
	if at := strings.Index(t.Version, "go1"); at > 0 {
		t.Version, _, _ = strings.Cut(t.Version[at:], "-")
	}
	if !version.IsValid(t.Version) || version.Compare(t.Version, oldestGo) < 0 {
		return nil, analyzer.Diagnostic{
			Code: "go-version", Severity: analyzer.Error,
			Message: fmt.Sprintf("%s is %s, but %s or newer is required", where, env["GOVERSION"], oldestGo),
			Hint:    "install a newer Go from https://go.dev/dl and put its bin folder first on PATH",
		}
	}
	t.GOROOT, t.ModCache = env["GOROOT"], filepath.Clean(env["GOMODCACHE"])
	t.GOFLAGS = env["GOFLAGS"]
	if v := os.Getenv("GOFLAGS"); v != "" {
		t.GOFLAGS = v
	}
	t.Shown = map[string]string{}
	for _, name := range []string{"GOAMD64", "GOARM64", "GOEXPERIMENT", "GOFIPS140"} {
		if v := env[name]; v != "" && v != "off" {
			t.Shown[name] = v
		}
	}
	// `go env -w` may have set it.
	t.secrets = gobin.SecretsOf(append(slices.Clone(t.env), "GOPROXY="+env["GOPROXY"]))
	t.hide = hide(root, env)
	return t, nil
}

const (
	maxMessages = 1 << 20          // bytes of messages kept from one run
	stopWithin  = 10 * time.Second // how long a cancelled run may take to stop
)

// Run runs the go command in dir and returns its messages; stdout may be nil.
func (t *Toolchain) Run(ctx context.Context, dir string, env []string, stdout io.Writer, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, t.command, args...)
	cmd.Dir = dir
	cmd.Env = slices.Concat(t.env, env)
	messages := &limited{left: maxMessages}
	cmd.Stdout, cmd.Stderr = stdout, messages
	if stdout == nil {
		cmd.Stdout = messages
	}
	cmd.WaitDelay = stopWithin
	stopAsGroup(cmd)
	err := cmd.Run()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return progress.ReplaceAllString(messages.String(), ""), err
}

// progress matches what the go command prints about modules that it fetches. With a cold
// module cache, these lines come before an error.
var progress = regexp.MustCompile(`(?m)^go: (?:downloading|finding|extracting) \S+ \S+\n?`)

// limited keeps the first bytes written to it and drops the rest.
type limited struct {
	bytes.Buffer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	keep := min(len(p), l.left)
	l.left -= keep
	l.Buffer.Write(p[:keep])
	return len(p), nil
}

// hide returns a replacer from this machine's folders to names such as $GOROOT.
func hide(root string, env map[string]string) *strings.Replacer {
	var pairs []string
	add := func(folder, name string) {
		if len(folder) > 1 {
			pairs = append(pairs, folder+string(os.PathSeparator), name, folder, cmp.Or(strings.TrimSuffix(name, "/"), "."))
		}
	}
	add(root, "")
	add(env["GOROOT"], "$GOROOT/") // may lie in the module cache
	add(env["GOMODCACHE"], "")
	add(env["GOCACHE"], "$GOCACHE/")
	if home, err := os.UserHomeDir(); err == nil {
		add(home, "~/")
	}
	add(strings.TrimSuffix(os.TempDir(), string(os.PathSeparator)), "$TMPDIR/")
	return strings.NewReplacer(pairs...)
}

// Clean removes this machine's folders and credentials from a message of the
// toolchain.
func (t *Toolchain) Clean(message string) string {
	return strings.TrimSpace(t.secrets.Hide(t.hide.Replace(message)))
}

// FirstLine returns the first line of messages, or the error if there is none.
func FirstLine(text string, err error) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if line == "" {
		return err.Error()
	}
	return line
}
