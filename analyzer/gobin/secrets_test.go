package gobin

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// TestSecrets checks that credentials are removed from known messages of the go
// command and git, and that nothing else is changed.
func TestSecrets(t *testing.T) {
	netrc := filepath.Join(t.TempDir(), "netrc")
	if err := os.WriteFile(netrc, []byte("machine git.acme.test\n\tlogin robot\n\tpassword n3trc-pass\nmachine x password abc\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := SecretsOf([]string{
		"NETRC=" + netrc,
		"GOPROXY=https://me:p%40ss%2Bword@one.test|https://t0ken-only@two.test/go,https://me:sla/sh3d@three.test,direct",
		"https_proxy=http://corp:pr0xy@four.test:8080",
		"GIT_CONFIG_KEY_0=url.https://x-access-token:gh-t0ken@github.com/.insteadOf",
		"GONOSUMDB=one.test", "HOME=/home/someone",
	})
	for message, want := range map[string]string{
		"reading https://me:p%40ss%2Bword@one.test/@v/list: EOF":                         "reading https://one.test/@v/list: EOF",
		"the password p@ss+word and p%40ss%2Bword":                                       "the password … and …",
		"https://t0ken-only@two.test/go/x: EOF; t0ken-only":                              "https://two.test/go/x: EOF; …",
		`parse "https://me:sla/sh3d@three.test": invalid port ":sla" after host; sh3d`:   `parse "https://three.test": invalid port ":sla" after host; …`,
		"proxyconnect tcp: dial tcp: lookup four.test; pr0xy":                            "proxyconnect tcp: dial tcp: lookup four.test; …",
		"unable to access 'https://x-access-token:gh-t0ken@github.com/acme/': 500":       "unable to access 'https://github.com/acme/': 500",
		"401 Unauthorized\n\tserver response:\n\tBasic cm9ib3Q6":                         "401 Unauthorized",
		"404 Not Found\n\tserver response:\n\tno such version, n3trc-pass":               "404 Not Found\n\tserver response:\n\tno such version, …",
		"remote: Basic cm9ib3Q6\nfatal: Authentication failed for 'https://a:b@c.test/'": "fatal: Authentication failed for 'https://c.test/'",
		"abc is too short to be looked for, robot and me are names, one.test a host":     "abc is too short to be looked for, robot and me are names, one.test a host",
	} {
		if got := s.Hide(message); got != want {
			t.Errorf("%q\n becomes %q\n    want %q", message, got, want)
		}
	}
	if got := SecretsOf(nil).Hide("nothing"); got != "nothing" {
		t.Errorf("%q", got)
	}
}

// FuzzSecrets checks that no password remains in a message.
func FuzzSecrets(f *testing.F) {
	for _, seed := range []string{"s3cret", "p@ss", "a/b/c/d", "%zz%41", "…", "://@@", "sla\nsh", "://h"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, password string) {
		defer inputtest.Bound(t)()
		if len(password) < minSecret || strings.ContainsAny(password, ",| \t\n") || strings.Contains("https://host.test/x: server response: dial tcp: …", password) {
			return
		}
		s := SecretsOf([]string{"NETRC=/dev/null", "GOPROXY=https://me:" + password + "@host.test/x"})
		if got := s.Hide("https://me:" + password + "@host.test/x: dial tcp: " + password); strings.Contains(got, password) {
			t.Errorf("%q is in %q", password, got)
		}
	})
}
