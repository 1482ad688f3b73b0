package installtest

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// A private module, and who may read it.
const (
	privateModule = "github.com/acme/price"
	privateUser   = "ci-robot"
	privateToken  = "tok3n-0f-acme"
	wrongToken    = "st4le-0f-acme"
)

var privateFiles = map[string]string{
	"go.mod":   "module " + privateModule + "\n\ngo 1.24\n",
	"price.go": "package price\n\n//go:noinline\nfunc Of() string { return \"42\" }\n",
}

// Credentials come from the same places as for the go command. If they are missing, the
// diagnostic names the server. No output contains credentials.
func TestPrivateModules(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	proxy, host := privateServer(t, privateProxy(t))
	git, gitHost := privateServer(t, privateGit(t))
	url := func(user, password string) string { return "https://" + user + ":" + password + "@" + host }
	instead := func(base string) string {
		return "[url \"" + base + "\"]\n\tinsteadOf = https://github.com/\n"
	}
	for _, c := range []struct {
		name                string
		env                 map[string]string
		netrc, gitconfig    string
		code, message, hint string // of the diagnostic; none when it builds
		long                bool   // another way to give the same credentials
	}{
		{name: "proxy by netrc", env: map[string]string{"GOPROXY": proxy, "GONOSUMDB": "github.com"},
			netrc: "machine " + host + " login " + privateUser + " password " + privateToken + "\n"},
		{name: "proxy by URL", env: map[string]string{"GOPROXY": url(privateUser, privateToken)}, long: true},
		{name: "proxy, private to the checksum database",
			env: map[string]string{"GOPROXY": url(privateUser, privateToken), "GOPRIVATE": "github.com",
				"GONOPROXY": "none"}, long: true},
		{name: "git by insteadOf", env: map[string]string{"GOPROXY": "off", "GOPRIVATE": "github.com"},
			gitconfig: instead("https://" + privateUser + ":" + privateToken + "@" + gitHost + "/"), long: true},
		{name: "git by insteadOf in the environment",
			env: map[string]string{"GOPROXY": proxy, "GOPRIVATE": "github.com/acme/*",
				"GIT_CONFIG_COUNT":   "1",
				"GIT_CONFIG_KEY_0":   "url.https://" + privateUser + ":" + privateToken + "@" + gitHost + "/.insteadOf",
				"GIT_CONFIG_VALUE_0": "https://github.com/"}, long: true},
		{name: "git by netrc", env: map[string]string{"GOPRIVATE": "github.com"}, gitconfig: instead(git + "/"),
			netrc: "machine 127.0.0.1 login " + privateUser + " password " + privateToken + "\n"},

		{name: "proxy without", env: map[string]string{"GOPROXY": proxy},
			code: "module-credentials", message: "401 Unauthorized", hint: "machine " + host + " login"},
		{name: "proxy, stale netrc", env: map[string]string{"GOPROXY": proxy},
			netrc: "machine " + host + " login " + privateUser + " password " + wrongToken + "\n",
			code:  "module-credentials", message: "401 Unauthorized", hint: "machine " + host + " login"},
		{name: "proxy, stale URL", env: map[string]string{"GOPROXY": url(privateUser, wrongToken)},
			code: "module-credentials", message: "401 Unauthorized", hint: "machine " + host + " login"},
		{name: "proxy, token for a user", env: map[string]string{"GOPROXY": "https://" + wrongToken + "@" + host},
			code: "module-credentials", message: "401 Unauthorized", hint: "machine " + host + " login"},
		{name: "proxy, token that is no URL",
			env:  map[string]string{"GOPROXY": "https://" + privateUser + ":" + wrongToken + "/%zz@" + host},
			code: "go-proxy", message: "parse ", hint: "go env GOPROXY"},
		{name: "git without", env: map[string]string{"GOPRIVATE": "github.com"}, gitconfig: instead(git + "/"),
			code: "module-credentials", message: "could not read Username", hint: "machine 127.0.0.1 login"},
		{name: "git, stale insteadOf", env: map[string]string{"GOPRIVATE": "github.com"},
			gitconfig: instead("https://" + privateUser + ":" + wrongToken + "@" + gitHost + "/"),
			code:      "module-credentials", message: "Authentication failed", hint: "machine 127.0.0.1 login"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.long {
				clitest.SkipUnlessLong(t)
			}
			root, home := t.TempDir(), t.TempDir()
			for name, text := range map[string]string{
				"featherpack.yaml": "functions:\n  orders: {entry: ./cmd/orders, runtime: provided.al2023, arch: " +
					"x86_64}\n",
				"go.mod": "module example.org/shop\n\ngo 1.24\n\nrequire " + privateModule + " v1.0.0\n",
				"go.sum": privateSum(),
				"cmd/orders/main.go": "package main\n\nimport (\n\t\"os\"\n\n\t\"" + privateModule + "\"\n)\n\n" +
					"func main() { println(price.Of(), os.Getenv(\"AWS_LAMBDA_RUNTIME_API\")) }\n",
			} {
				clitest.Write(t, filepath.Join(root, filepath.FromSlash(name)), text)
			}
			clitest.Write(t, filepath.Join(home, ".netrc"), c.netrc)
			clitest.Write(t, filepath.Join(home, ".gitconfig"), c.gitconfig)
			for name, value := range map[string]string{
				"HOME": home, "NETRC": filepath.Join(home, ".netrc"),
				"GIT_CONFIG_GLOBAL": filepath.Join(home, ".gitconfig"),
				"GOCACHE":           clitest.GoEnv(t, "GOCACHE"), "GOMODCACHE": filepath.Join(home, "mod"),
				"GOFLAGS": "-modcacherw",
				"GOENV":   "off", "GOPROXY": "direct", "GOPRIVATE": "", "GONOPROXY": "", "GONOSUMDB": "",
				"GOSUMDB": "off",
			} {
				t.Setenv(name, value)
			}
			for name, value := range c.env {
				t.Setenv(name, value)
			}
			out := filepath.Join(root, "out")
			var shown strings.Builder
			for _, args := range [][]string{
				{"build", "--verbose", "--json", "--out", out, root},
				{"build", "--verbose", "--out", out, root},
				{"why", "orders", privateModule, root},
				{"advise", "--dir", root, "--trials", "0"},
			} {
				r := clitest.Run(t, args...)
				output := r.Stdout + r.Stderr
				fmt.Fprintf(&shown, "$ featherpack %s\n%s", args[0], output)
				if (r.Status == clitest.Good) != (c.code == "") {
					t.Fatalf("featherpack %s exited with %d\n%s", args[0], r.Status, output)
				}
				if args[0] == "build" && c.code != "" && (!strings.Contains(output, c.message) ||
					!strings.Contains(output, c.hint)) {
					t.Errorf("does not say %q with hint %q", c.message, c.hint)
				}
			}
			if c.code != "" && !strings.Contains(shown.String(), `"`+c.code+`"`) {
				t.Errorf("the diagnostic is not %s", c.code)
			}
			err := filepath.WalkDir(out, func(at string, entry os.DirEntry, err error) error {
				if err == nil && entry.Type().IsRegular() {
					var text []byte
					text, err = os.ReadFile(at)
					fmt.Fprintf(&shown, "== %s\n%s", at, text)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{privateToken, wrongToken, privateUser,
				base64.StdEncoding.EncodeToString([]byte(privateUser + ":" + wrongToken))} {
				if at := strings.Index(shown.String(), secret); at >= 0 {
					t.Errorf("%s is shown: %.300s", secret, shown.String()[max(0, at-100):])
				}
			}
			if t.Failed() {
				t.Logf("%.5000s", shown.String())
			}
		})
	}
}

// privateServer starts a server with one user. It echoes the credentials of other users,
// as no server should.
func privateServer(t *testing.T, behind http.Handler) (url, host string) {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != privateUser || password != privateToken {
			w.Header().Set("WWW-Authenticate", `Basic realm="acme"`)
			http.Error(w, fmt.Sprintf("%s and %s are not known here (%s)", user, password,
				r.Header.Get("Authorization")), http.StatusUnauthorized)
			return
		}
		behind.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	// All these servers have the same certificate.
	certificate := filepath.Join(t.TempDir(), "ca.pem")
	clitest.Write(t, certificate,
		string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	t.Setenv("SSL_CERT_FILE", certificate)
	t.Setenv("GIT_SSL_CAINFO", certificate)
	return server.URL, strings.TrimPrefix(server.URL, "https://")
}

// privateProxy serves the module as a proxy does.
// https://go.dev/ref/mod#goproxy-protocol
func privateProxy(t *testing.T) http.Handler {
	t.Helper()
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for _, name := range []string{"go.mod", "price.go"} {
		w, err := z.Create(privateModule + "@v1.0.0/" + name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, privateFiles[name])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{
		"list": "v1.0.0\n", "v1.0.0.info": `{"Version":"v1.0.0"}`, "v1.0.0.mod": privateFiles["go.mod"],
		"v1.0.0.zip": packed.String(),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, ok := answers[strings.TrimPrefix(r.URL.Path, "/"+privateModule+"/@v/")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		io.WriteString(w, answer)
	})
}

// privateGit serves the module as git does over HTTP.
// https://git-scm.com/docs/git-http-backend
func privateGit(t *testing.T) http.Handler {
	t.Helper()
	root := t.TempDir()
	work := filepath.Join(root, "work")
	for name, text := range privateFiles {
		clitest.Write(t, filepath.Join(work, name), text)
	}
	git := func(args ...string) string {
		cmd := exec.Command("git", args...)
		cmd.Dir = work
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
			"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a",
			"GIT_COMMITTER_EMAIL=a@example.com")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "-q")
	git("add", ".")
	git("commit", "-q", "-m", "price")
	git("tag", "v1.0.0")
	git("clone", "-q", "--bare", ".", filepath.Join(root, "acme", "price.git"))
	return &cgi.Handler{
		Path: filepath.Join(git("--exec-path"), "git-http-backend"), Dir: root,
		Env: []string{"GIT_PROJECT_ROOT=" + root, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_COUNT=1",
			"GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*"},
	}
}

// privateSum returns the module's lines of a go.sum.
// https://go.dev/ref/mod#go-sum-files
func privateSum() string {
	line := func(name, text string) string { return fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(text)), name) }
	sum := func(lines string) string {
		digest := sha256.Sum256([]byte(lines))
		return "h1:" + base64.StdEncoding.EncodeToString(digest[:])
	}
	whole := line(privateModule+"@v1.0.0/go.mod", privateFiles["go.mod"]) + line(privateModule+"@v1.0.0/price.go",
		privateFiles["price.go"])
	return privateModule + " v1.0.0 " + sum(whole) + "\n" +
		privateModule + " v1.0.0/go.mod " + sum(line("go.mod", privateFiles["go.mod"])) + "\n"
}
