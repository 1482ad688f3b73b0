package cdktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/packager/boot"
)

// cdkProject copies the shop of testdata/hooks/cdk with its packages and the hook into a
// folder whose name has a space and a non-ASCII letter.
func cdkProject(t *testing.T) string {
	t.Helper()
	source := clitest.Testdata(t, "hooks", "cdk")
	clitest.Install(t, source)
	dir := filepath.Join(t.TempDir(), "my shöp")
	if err := os.MkdirAll(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(source)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		from, to := filepath.Join(source, entry.Name()), filepath.Join(dir, entry.Name())
		switch {
		case entry.Name() == "node_modules": // 200 MB, and nothing that is packed comes from it
			err = os.Symlink(from, to)
		case entry.IsDir():
			err = os.CopyFS(to, os.DirFS(from))
		default:
			err = os.WriteFile(to, clitest.Read(t, from), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	clitest.Must(t, "hook", "cdk", "--write", dir)
	return dir
}

// withoutCheck turns off the CDK's check of its templates.
const withoutCheck = "CDK_VALIDATION=false"

// cdkRun runs a script of the project as the CDK's command line runs an app, but without
// the library's check of templates, which takes three seconds.
func cdkRun(t *testing.T, dir string, environment []string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "node", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errs
	cmd.Env = append(append(os.Environ(), withoutCheck), environment...)
	err = cmd.Run()
	return out.String(), errs.String(), err
}

// stackFunction is a function as a template deploys it.
type stackFunction struct {
	Handler, Runtime, Key, Architecture string
	Memory                              int
}

// functionsOf reads the functions of a cloud assembly's templates, by their names in the
// app.
func functionsOf(t *testing.T, assembly string) map[string]stackFunction {
	t.Helper()
	functions := map[string]stackFunction{}
	templates, _ := filepath.Glob(filepath.Join(assembly, "*.template.json"))
	for _, name := range templates {
		var template struct {
			Resources map[string]struct {
				Type       string
				Properties struct {
					Handler, Runtime string
					MemorySize       int
					Architectures    []string
					Code             struct{ S3Key string }
				}
			}
		}
		if err := json.Unmarshal(clitest.Read(t, name), &template); err != nil {
			t.Fatal(err)
		}
		for id, r := range template.Resources {
			if p := r.Properties; r.Type == "AWS::Lambda::Function" {
				// A logical ID ends in eight characters of a digest.
				functions[id[:len(id)-8]] = stackFunction{p.Handler, p.Runtime, p.Code.S3Key, p.Architectures[0],
					p.MemorySize}
			}
		}
	}
	return functions
}

func keysOf(functions map[string]stackFunction) map[string]string {
	keys := map[string]string{}
	for name, f := range functions {
		keys[name] = f.Key
	}
	return keys
}

// cdkShop lists the functions of app.js: handler, runtime, architecture, and the name of
// the same function in shopByHand.
var cdkShop = map[string][4]string{
	"orders":      {"src/orders.handler", "nodejs24.x", "x86_64", "orders"},
	"ordersAgain": {"src/orders.handler", "nodejs24.x", "x86_64", "orders"},
	"catalogue":   {"src/catalogue.handler", "nodejs24.x", "x86_64", "catalogue"},
	"search":      {"src/search.handler", "nodejs24.x", "x86_64", "search"},
	"payments":    {"src/payments.handler", "nodejs22.x", "x86_64", "payments"},
	"parcels":     {"src/parcels.handler", "nodejs24.x", "x86_64", "parcels"},
	"stock":       {"src/stock.handler", "nodejs24.x", "x86_64", "stock"},
	"invoice":     {"src/invoice/index.handler", "nodejs24.x", "x86_64", "invoice"},
	"receipt":     {"src/receipt.handler", "nodejs24.x", "arm64", "receipt"},
	"labels":      {"src/labels.main", "nodejs24.x", "x86_64", "labels"},
	"refunds":     {"src/refunds.handler", "nodejs22.x", "x86_64", "refunds"},
	"audit":       {"src/audit.handler", "nodejs24.x", "x86_64", "audit"},
	"mail":        {"src/mail.handler", "nodejs22.x", "arm64", "mail"},
	"ingest":      {"bootstrap", "provided.al2023", "arm64", "ingest"},
	"sweep":       {"bootstrap", "provided.al2023", "x86_64", "sweep"},
}

// shopByHand lists the same functions in a featherpack.yaml.
const shopByHand = `functions:
  orders: {entry: src/orders.ts, runtime: nodejs24.x}
  catalogue: {entry: src/catalogue.ts, runtime: nodejs24.x}
  search: {entry: src/search.ts, runtime: nodejs24.x}
  payments: {entry: src/payments.js, runtime: nodejs22.x}
  parcels: {entry: src/parcels.mjs, runtime: nodejs24.x}
  stock: {entry: src/stock.mts, runtime: nodejs24.x}
  invoice: {entry: src/invoice/index.ts, runtime: nodejs24.x}
  receipt: {entry: src/receipt.ts, runtime: nodejs24.x, arch: arm64, minify: false}
  labels: {entry: src/labels.tsx, runtime: nodejs24.x, handler: main}
  refunds: {entry: src/refunds.cjs, runtime: nodejs22.x}
  audit: {entry: src/audit.ts, runtime: nodejs24.x}
  mail: {entry: src/mail.ts, runtime: nodejs22.x, arch: arm64}
  ingest: {entry: cmd/ingest, arch: arm64}
  sweep: cmd/sweep
`

// oneLine is the complete output of a successful build.
var oneLine = regexp.MustCompile(`^featherpack: 14 functions, [0-9.]+ MiB zipped\n$`)

// TestCDK synthesizes an app of twelve Node and two Go functions with the real
// aws-cdk-lib. One call builds all of them, the assets are featherpack's zips byte for
// byte, the zips run, and unchanged functions are not deployed again.
func TestCDK(t *testing.T) {
	clitest.SkipUnlessLong(t)
	t.Parallel()
	dir := cdkProject(t)
	calls := filepath.Join(t.TempDir(), "calls")
	binary := cdkScript(t, t.TempDir(), "featherpack", fmt.Sprintf("echo \"$@\" >> '%s'\nexec featherpack \"$@\"",
		calls))
	synth := func(out string, environment ...string) map[string]stackFunction {
		t.Helper()
		environment = append(environment, "CDK_OUTDIR="+filepath.Join(dir, out), "FEATHERPACK_BINARY="+binary)
		stdout, stderr, err := cdkRun(t, dir, environment, "app.js")
		if err != nil || stdout != "" || !oneLine.MatchString(stderr) {
			t.Fatalf("%v\n%s%s", err, stdout, stderr)
		}
		return functionsOf(t, filepath.Join(dir, out))
	}
	first := synth("cdk.out", "CDK_VALIDATION=true")
	if got := strings.Count(string(clitest.Read(t, calls)), "\n"); got != 1 {
		t.Errorf("featherpack was called %d times:\n%s", got, clitest.Read(t, calls))
	}
	if len(first) != len(cdkShop) {
		t.Errorf("the templates hold %d functions, not %d", len(first), len(cdkShop))
	}
	if first["search"].Memory != 512 || first["ordersAgain"].Memory != 1024 {
		t.Error("an entry's or a function's memory is lost")
	}

	listing, byHand := filepath.Join(t.TempDir(), "list.yaml"), filepath.Join(t.TempDir(), "by-hand")
	if err := os.WriteFile(listing, []byte(shopByHand), 0o644); err != nil {
		t.Fatal(err)
	}
	clitest.Must(t, "build", "--functions", listing, "--out", byHand, "--quiet", "--compress", "best", dir)
	for name, want := range cdkShop {
		got := first[name]
		if got.Handler != want[0] || got.Runtime != want[1] || got.Architecture != want[2] {
			t.Errorf("%s is %+v, not %v", name, got, want)
		}
		if !bytes.Equal(clitest.Read(t, filepath.Join(dir, "cdk.out", "asset."+got.Key)),
			clitest.Read(t, filepath.Join(byHand, want[3]+".zip"))) {
			t.Errorf("the asset of %s is not featherpack's zip", name)
		}
	}
	mustUpload(t, filepath.Join(dir, "cdk.out"), first)

	t.Run("runs", func(t *testing.T) {
		found := manifest.Discover(dir,
			manifest.Options{Listing: &manifest.Listing{Name: "by-hand", Content: []byte(shopByHand)}})
		for _, name := range []string{"stock", "receipt", "labels", "refunds", "sweep"} {
			f := found.Functions[slices.IndexFunc(found.Functions,
				func(f analyzer.Function) bool { return f.Name == name })]
			got := boot.Check(t.Context(), filepath.Join(dir, "cdk.out", "asset."+first[name].Key), f,
				boot.Options{Event: []byte(`{"word": "tea"}`), OtherArchitecture: true})
			if want := fmt.Sprintf(`{"from": %q, "word": "tea"}`, name); got.Status != boot.Answers ||
				!clitest.SameJSON(got.Answer, []byte(want)) {
				t.Errorf("%s: %s %s %s %+v\n%s", name, got.Status, got.Reason, got.Answer, got.Error, got.Logs)
			}
		}
	})
	t.Run("two at once", func(t *testing.T) {
		var wait sync.WaitGroup
		both := make([]map[string]stackFunction, 2)
		for i := range both {
			wait.Go(func() { both[i] = synth("cdk.out") })
		}
		wait.Wait()
		for _, got := range both {
			if diff := cmp.Diff(keysOf(first), keysOf(got)); diff != "" {
				t.Errorf("assets changed (-first +now):\n%s", diff)
			}
		}
	})
	t.Run("only what changed", func(t *testing.T) {
		changed := strings.Replace(string(clitest.Read(t, filepath.Join(dir, "src", "mail.ts"))), "'mail'", "'post'", 1)
		if err := os.WriteFile(filepath.Join(dir, "src", "mail.ts"), []byte(changed), 0o644); err != nil {
			t.Fatal(err)
		}
		want, got := keysOf(first), keysOf(synth("elsewhere/cdk.out"))
		if got["mail"] == want["mail"] {
			t.Error("mail has changed and its asset has not")
		}
		got["mail"] = want["mail"]
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("assets changed (-first +now):\n%s", diff)
		}
	})
}

// mustUpload checks that the assembly uploads every function's asset unchanged.
func mustUpload(t *testing.T, assembly string, functions map[string]stackFunction) {
	t.Helper()
	uploads := map[string]string{}
	manifests, _ := filepath.Glob(filepath.Join(assembly, "*.assets.json"))
	for _, name := range manifests {
		var assets struct {
			Files map[string]struct {
				Source       struct{ Path, Packaging string }
				Destinations map[string]struct{ ObjectKey string }
			}
		}
		if err := json.Unmarshal(clitest.Read(t, name), &assets); err != nil {
			t.Fatal(err)
		}
		for _, file := range assets.Files {
			for _, to := range file.Destinations {
				uploads[to.ObjectKey] = file.Source.Packaging + " " + file.Source.Path
			}
		}
	}
	for name, f := range functions {
		if want := "file asset." + f.Key; uploads[f.Key] != want {
			t.Errorf("%s is uploaded from %q, not %q", name, uploads[f.Key], want)
		}
	}
}

// cdkScript writes a shell script and returns its path.
func cdkScript(t *testing.T, dir, name, body string) string {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestCDKTypes compiles an app against the hook's declarations, and the declarations
// themselves.
func TestCDKTypes(t *testing.T) {
	clitest.SkipUnlessLong(t)
	t.Parallel()
	dir := cdkProject(t)
	// skipLibCheck would also skip a declaration file, so it is compiled as a source.
	if err := os.WriteFile(filepath.Join(dir, "declarations.ts"),
		clitest.Read(t, filepath.Join(dir, "featherpack-cdk.d.cts")), 0o644); err != nil {
		t.Fatal(err)
	}
	if stdout, stderr, err := cdkRun(t, dir, nil, "node_modules/typescript/bin/tsc", "-p", "."); err != nil {
		t.Errorf("%v\n%s%s", err, stdout, stderr)
	}
}

// TestCDKCases makes mistakes in an app. Each must stop the synthesis with its reason, and
// no old zip may remain.
func TestCDKCases(t *testing.T) {
	clitest.SkipUnlessLong(t)
	t.Parallel()
	dir := cdkProject(t)
	binaries := t.TempDir()
	cdkScript(t, binaries, "newer", `echo '{"schema": 999, "tool": {"name": "featherpack", "version": "9.9.9"}}'`)
	cdkScript(t, binaries, "older", "echo 'featherpack: unknown flag: --functions' >&2\nexit 2")
	cdkScript(t, binaries, "other", "echo hello")
	for name, text := range map[string]string{
		"broken.ts": "require(Buffer.from('Li9vd24=', 'base64').toString()) // ./own\nexport const handler = async () => 1\n",
		"own.js":    "",
	} {
		if err := os.WriteFile(filepath.Join(dir, "src", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	stdout, stderr, err := cdkRun(t, dir, nil, "cases.js", binaries)
	if err != nil {
		t.Fatalf("%v\n%s%s", err, stdout, stderr)
	}
	var results map[string]struct {
		Error     string
		Ours      bool
		Functions []string
		Built     int
	}
	if err := json.Unmarshal([]byte(stdout), &results); err != nil {
		t.Fatalf("%v\n%s", err, stdout)
	}
	const above = "featherpack build failed with exit status 2; the messages above say why"
	for name, want := range map[string]string{
		"binary missing":           "there is no featherpack binary at /nowhere/featherpack; ",
		"binary missing by option": "there is no featherpack binary at bin/none; correct the binary option",
		"binary not installed":     "the featherpack binary is not installed; ",
		"binary newer": "this hook is from featherpack devel and reads reports of version 1, but the " +
			"binary is 9.9.9 and writes version 999; ",
		"binary older":         above,
		"binary other":         "featherpack build printed no report; ",
		"entry missing":        above,
		"entry without a name": "orders has no entry; ",
		"entry outside":        "the entry ../orders.ts of orders is outside " + dir + "; set projectRoot",
		"entry with a space":   "lambda does not allow spaces",
		"entry name":           above,
		"no entries":           "FeatherpackBundle needs entries",
		"option":               "FeatherpackBundle has no option minify; ",
		"build option":         above,
		"entry option":         "the entry orders has no option memory; ",
		"function option":      "bundle.function() sets handler itself; ",
		"no such entry":        "the bundle S/Featherpack has no entry order; it has orders",
		"handler of another": "the function S/F/Resource has the handler index.handler, but its code is built " +
			"for src/orders.handler; ",
		"runtime of another": "the function S/F/Resource has the runtime nodejs24.x, but its code is built " +
			"for nodejs22.x; ",
		"architecture of another": "the function S/F/Resource has the architecture x86_64, but its code is built " +
			"for arm64; ",
		"does not start": above,
		"out is a file":  above,
	} {
		if got := results[name]; !strings.HasPrefix(got.Error, want) || !got.Ours {
			t.Errorf("%s: %+v, want %q", name, got, want)
		}
		delete(results, name)
	}
	for name, want := range map[string]struct {
		functions []string
		built     int
	}{
		"wrapper in a layer":     {[]string{"/opt/nodejs/wrap.handler"}, 0},
		"first":                  {[]string{"src/orders.handler"}, 1},
		"bundling left out":      {[]string{"bootstrap"}, 0},
		"bundling of one stack":  {[]string{"src/orders.handler"}, 1},
		"again in one process":   {[]string{"src/orders.handler"}, 0},
		"two bundles in one app": {[]string{"src/mail.handler", "src/orders.handler", "src/search.handler"}, 1},
	} {
		got := results[name]
		slices.Sort(got.Functions)
		if diff := cmp.Diff(want.functions, got.Functions); diff != "" || got.Built != want.built || got.Error != "" {
			t.Errorf("%s: %+v\n%s", name, got, diff)
		}
		delete(results, name)
	}
	if got := results["two without an id"]; !strings.Contains(got.Error,
		"already a Construct with name 'Featherpack'") {
		t.Errorf("two without an id: %+v", got)
	}
	delete(results, "two without an id")
	for name := range results {
		t.Errorf("nothing is expected of %s", name)
	}
	for _, want := range []string{
		`^featherpack: unknown flag: --functions$`,
		`orders: entry src/oders.ts does not exist\n  hint: did you mean src/orders.ts\?$`,
		`orders%2Feu: function name "orders/eu" cannot be a file's name$`,
		`orders: the function has no setting "minfy"\n  hint: did you mean minify\?$`,
		`orders: does not run as its source: the source loads, and the zip fails while it loads with .*'./own'$`,
		`^featherpack: cannot use the out-dir out/first/featherpack-[0-9a-f]{16}: not a directory$`,
	} {
		if !regexp.MustCompile("(?m)" + want).MatchString(stderr) {
			t.Errorf("nothing on stderr matches %s", want)
		}
	}
	if t.Failed() {
		t.Log(stderr)
	}
}
