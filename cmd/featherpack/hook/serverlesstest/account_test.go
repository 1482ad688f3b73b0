package serverlesstest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
)

// account is the part of AWS that the frameworks need here, on the loopback interface: a
// stack that does not exist yet, and functions whose code can be updated.
type account struct {
	mu sync.Mutex
	// code maps each function to its uploaded zip.
	code map[string][]byte
	// asked lists the calls, to show the ones that have no answer.
	asked []string
}

func (a *account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, r.Method+" "+r.URL.Path)
	body, _ := io.ReadAll(r.Body)
	functions := "/2015-03-31/functions/"
	name, what, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, functions), "/")
	configuration := fmt.Sprintf(`{"FunctionName": %q, "PackageType": "Zip", "State": "Active", `+
		`"LastUpdateStatus": "Successful", "CodeSha256": "none"}`, name)
	switch {
	case !strings.HasPrefix(r.URL.Path, functions):
		w.Header().Set("Content-Type", "text/xml")
		if strings.Contains(string(body), "GetCallerIdentity") {
			fmt.Fprint(w, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">`+
				`<GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/a</Arn><UserId>a</UserId>`+
				`<Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
			return
		}
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w,
			`<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id shop-prod `+
				`does not exist</Message></Error></ErrorResponse>`)
	case r.Method == http.MethodGet:
		fmt.Fprintf(w, `{"Configuration": %s, "Code": {}}`, configuration)
	case r.Method == http.MethodPut && what == "code":
		var update struct{ ZipFile string }
		zip, err := []byte(nil), json.Unmarshal(body, &update)
		if err == nil {
			zip, err = base64.StdEncoding.DecodeString(update.ZipFile)
		}
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
		}
		a.code[name] = zip
		fmt.Fprint(w, configuration)
	default:
		fmt.Fprint(w, configuration)
	}
}

// inAccount is the environment that connects a framework to an account. The SDK of
// Serverless 3 does not read an endpoint from the environment, so a file that Node loads
// first sets it.
func inAccount(t *testing.T, framework string, a *account) []string {
	t.Helper()
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	env := []string{"AWS_ENDPOINT_URL=" + server.URL, "AWS_ACCESS_KEY_ID=key", "AWS_SECRET_ACCESS_KEY=secret",
		"AWS_REGION=eu-west-1"}
	if framework == "serverless" {
		sdk := clitest.Testdata(t, "hooks", "serverless", "node_modules", "aws-sdk")
		preload := filepath.Join(t.TempDir(), "endpoint.cjs")
		clitest.Write(t, preload, fmt.Sprintf("require(%q).config.update({endpoint: %q, s3ForcePathStyle: true})\n",
			sdk, server.URL))
		env = append(env, "NODE_OPTIONS=--require="+preload)
	}
	return env
}

// TestServerlessDeployFunction updates one function in an account. The uploaded zip must
// be the built one, and only that function is built.
func TestServerlessDeployFunction(t *testing.T) {
	clitest.SkipUnlessLong(t)
	installFrameworks(t)
	for _, framework := range frameworksOnce() {
		t.Run(framework, func(t *testing.T) {
			t.Parallel()
			dir := layService(t)
			a := &account{code: map[string][]byte{}}
			output := mustSls(t, framework, dir, inAccount(t, framework, a), "deploy", "function", "--function",
				"hello", "--stage", "prod")
			want := clitest.Read(t, filepath.Join(dir, outdir.Default, "hello.zip"))
			if len(a.code) != 1 || !bytes.Equal(a.code["shop-prod-hello"], want) {
				t.Errorf("the account did not get the zip: %q\n%s", a.asked, output)
			}
			if clitest.Exists(filepath.Join(dir, outdir.Default, "late.zip")) {
				t.Error("another function was built too")
			}
			out := filepath.Join(t.TempDir(), "out")
			clitest.Must(t, "build", "--stage", "prod", "--quiet", "--compress", "best", "--out", out, dir)
			if !bytes.Equal(clitest.Read(t, filepath.Join(out, "hello.zip")), want) {
				t.Error("a build makes another zip")
			}

			// A build that fails after a successful one updates nothing.
			clear(a.code)
			clitest.Write(t, filepath.Join(dir, "src", "hello.ts"),
				"import './gone'\nexport const handler = async () => 1\n")
			output, status := sls(t, framework, dir, inAccount(t, framework, a), "deploy", "function", "--function",
				"hello", "--stage", "prod")
			if status == 0 || !strings.Contains(output, `src/hello.ts:1:8`) || len(a.code) > 0 {
				t.Errorf("exit status %d, %d functions updated\n%s", status, len(a.code), output)
			}
		})
	}
}

// TestServerlessInvokeLocal invokes functions from their zips; neither could run from its
// source. The event's file is relative to the service.
func TestServerlessInvokeLocal(t *testing.T) {
	clitest.SkipUnlessLong(t)
	installFrameworks(t)
	for _, framework := range frameworksOnce() {
		t.Run(framework, func(t *testing.T) {
			t.Parallel()
			dir := layService(t)
			// Each run has another home, but they are one user's: the record of who wrote
			// the out-dir lies in the user's cache folder.
			env := []string{"XDG_CACHE_HOME=" + t.TempDir()}
			for function, want := range map[string]string{
				"hello": `{"hello":"ann","from":".unpacked/hello/src/hello.ts","stage":"prod"}`,
				"late":  `{"late hello":"ann"}`,
			} {
				output := mustSls(t, framework, dir, env, "invoke", "local", "--function", function, "--path",
					"event.json", "--stage", "prod")
				if flat := strings.NewReplacer("\n", "", " ", "").Replace(output); !strings.Contains(flat,
					strings.ReplaceAll(want, " ", "")) {
					t.Errorf("%s answers %s", function, output)
				}
			}
			// If a build fails, the files of an earlier run are not run instead.
			clitest.Write(t, filepath.Join(dir, "src", "hello.ts"),
				"import './gone'\nexport const handler = async () => 1\n")
			output, status := sls(t, framework, dir, env, "invoke", "local", "--function", "hello", "--path",
				"event.json", "--stage", "prod")
			if status == 0 || !strings.Contains(output, `src/hello.ts:1:8`) || strings.Contains(output, `"ann"`) {
				t.Errorf("exit status %d\n%s", status, output)
			}
		})
	}
}
