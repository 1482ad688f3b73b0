package node

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// With sdkCredentials: lambda, the default chain of the AWS SDK does without the providers
// that Lambda never uses, however it asks for them. What other code asks for stays.
func TestSDKCredentials(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "credentials.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	const (
		left = `"fromIni is not in the bundle, because of build.sdkCredentials: lambda. ` +
			`Set it to all to use profiles, SSO, processes or web identity"`
		none = "Could not load credentials from any providers"
		said = ". Because of build.sdkCredentials: lambda, profiles, SSO, processes and web identity were not tried"
	)
	each := func(answers ...string) string { // by the ES build and the required one
		all := []string{`"profile own"`}
		for _, a := range answers {
			all = append(all, a, a)
		}
		return "[" + strings.Join(all, ",") + "]"
	}
	for value, want := range map[string]string{
		"":       each(`"environment"`, `"profile mine"`, `"profile mine"`, `"web identity"`, `"http"`, `"`+none+`"`),
		"lambda": each(`"environment"`, left, left, left, `"http"`, `"`+none+said+`"`),
	} {
		b := build(t, string(text), func(f *analyzer.Function) { f.Entry, f.Build.SDKCredentials = "fn.mjs", value })
		if got := ask(t, b); got != want {
			t.Errorf("sdkCredentials %q: it answered\n%s, want\n%s", value, got, want)
		}
		if has := strings.Contains(string(b.Files[0].Content), "a client of SSO"); has != (value == "") {
			t.Errorf("sdkCredentials %q: the provider for SSO is in the bundle: %v", value, has)
		}
		if setting(b, "sdkCredentials") != value {
			t.Errorf("the report says %q", setting(b, "sdkCredentials"))
		}
	}
}

// A variable that only a provider reads which was left out is a warning.
func TestSDKCredentialsWithAProfile(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "credentials.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		setting, variable string
		want              bool
	}{{"lambda", "AWS_PROFILE", true}, {"lambda", "AWS_WEB_IDENTITY_TOKEN_FILE", true}, {"", "AWS_PROFILE", false}, {"lambda", "STAGE", false}} {
		b := build(t, string(text), func(f *analyzer.Function) {
			f.Entry, f.Build.SDKCredentials, f.Environment = "fn.mjs", c.setting, map[string]string{c.variable: "x"}
		})
		i := slices.IndexFunc(b.Diagnostics, func(d analyzer.Diagnostic) bool { return d.Code == "credentials-left-out" })
		if i >= 0 != c.want || i >= 0 && !strings.Contains(b.Diagnostics[i].Message, c.variable) {
			t.Errorf("%q with %s: %v", c.setting, c.variable, b.Diagnostics)
		}
	}
}
