package secrets

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

const (
	key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----\n"
	// A token's characters are joined here, so that no scanner takes this file for a leak.
	githubToken = "ghp" + "_0123456789abcdefghijABCDEFGHIJ012345"
	npmToken    = "npm" + "_0123456789abcdefghijABCDEFGHIJ012345"
	awsKey      = "abcdefghij0123456789" + "ABCDEFGHIJ0123456789"
)

func TestNames(t *testing.T) {
	for _, name := range []string{
		".env", ".ENV", ".env.prod", ".env-prod", ".env_prod", "prod.env", "config/prod.env", ".envrc", ".env.json",
		".npmrc", ".yarnrc.yml", ".pypirc", ".pgpass", ".netrc", "_netrc", ".vault-token", ".git-credentials",
		".git", "worktree/.git", ".git/config", ".GIT/config", "a/.git/hooks/hook.js", ".hg/hgrc", ".svn/wc.db",
		".ssh/deploy", ".SSH/config", "id_rsa", "keys/id_ed25519", "id_rsa.old", "id_ecdsa_deploy", ".gnupg/secring.gpg",
		".aws/credentials", ".AWS/credentials", "home/.aws/config", ".docker/config.json", ".kube/config", "kubeconfig",
		".azure/msal_token_cache.json", ".config/gcloud/credentials.db", ".config/gh/hosts.yml", ".cargo/credentials.toml",
		"terraform.tfstate", "prod.tfstate.backup", "prod.tfvars", "a.auto.tfvars.json", ".terraformrc", "a.jks", "a.JKS",
		"a.kdbx", "a.p12", "a.pfx", "a.keystore", "putty.ppk", "secrets.yml", "secrets.json", ".htpasswd", ".bash_history",
		`windows\.ssh\deploy`,
	} {
		if found := Judge(name, nil); found.What == "" || found.Certain {
			t.Errorf("%s: %+v", name, found)
		}
	}
	for _, name := range []string{
		".env.example", ".env.sample", ".env.template", ".env.dist", ".env.local.example", "example.env", ".env.vault",
		".env.d.ts", ".env.js", "environment.ts", ".environment", "env", "my.envelope", "envrc", ".npmignore", "npmrc.md",
		"credentials.js", "secrets.ts", "secrets.go", "secret.txt", "passwords.md", "id_rsa.pub", ".ssh/id_rsa.pub",
		".ssh/known_hosts", "id_card.png", "id_rsatools", ".gitignore", ".gitattributes", ".github/workflows/ci.yml",
		"digit/config", "x.git/config.txt", ".aws/README", ".aws-sam/build.toml", ".docker/Dockerfile", "kube/config",
		"ca.pem", "rds-combined-ca-bundle.pem", "server.key", "a.crt", "public.asc", "terraform.tf", "prod.tfvars.example",
		"config.json", "settings.xml", "tokens.json", "jks.txt", "LICENSE", "",
	} {
		if found := Judge(name, nil); found.What != "" {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

func TestContent(t *testing.T) {
	for text, what := range map[string]string{
		key: "holds a private key",
		"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED": "holds a private key",
		"-----BEGIN OPENSSH PRIVATE KEY-----\r\nb3BlbnNzaC1rZXk":  "holds a private key",
		"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOYBF":         "holds a private key",
		`{"key": "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE"}`:     "holds a private key",
		`{"type": "service_account", "private_key": "a"}`:         "holds the key of a Google service account",
		`{"private_key": "a", "type" : "service_account"}`:        "holds the key of a Google service account",
		"aws_secret_access_key = " + awsKey + "\n":                "holds AWS credentials",
		`{"SecretAccessKey": "` + awsKey + `"}`:                   "holds AWS credentials",
		"AWS_SECRET_KEY=" + awsKey:                                "holds AWS credentials",
		"token: " + githubToken + "\n":                            "holds a GitHub token",
		"//registry.npmjs.org/:_authToken=" + npmToken:            "holds an npm token",
		"//npm.acme.test/:_authToken=0a1b2c3d-4e5f-6789":          "holds an npm token",
		"url: xoxb-" + "123456789012-abcdefghijklm":               "holds a Slack token",
	} {
		for _, name := range []string{"data.txt", "server.pem", "config.yml", "no-extension"} {
			if found := Judge(name, []byte(text)); found != (Finding{what, true}) {
				t.Errorf("%s with %q: %+v", name, text, found)
			}
		}
		for _, name := range []string{"index.js", "credentials.ts", "README.md", "a.js.map"} {
			if found := Judge(name, []byte(text)); found.What != "" {
				t.Errorf("%s with %q: %+v", name, text, found)
			}
		}
	}
	for _, text := range []string{
		"", "a", "-----BEGIN CERTIFICATE-----\nMIIB", "-----BEGIN PUBLIC KEY-----\nMIIB", "ssh-rsa AAAAB3NzaC1yc2E",
		"the header is -----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\n...\n", "not a PRIVATE KEY at all",
		"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "aws_secret_access_key = ${SECRET}",
		"aws_secret_access_key = " + strings.Repeat("x", 40), "//registry.npmjs.org/:_authToken=${NPM_TOKEN}",
		`{"type": "service_account", "roles": []}`, "ghp_short", "npm_config_cache", "\x00" + key,
	} {
		if found := Judge("data.txt", []byte(text)); found.What != "" {
			t.Errorf("%q: %+v", text, found)
		}
	}
	if found := Judge(".env.example", []byte("TOKEN="+githubToken)); !found.Certain {
		t.Errorf("a token in an example: %+v", found)
	}
	if found := Judge("data.txt", []byte(strings.Repeat(" ", HeadBytes)+key)); found.What != "" {
		t.Errorf("a key after the first bytes: %+v", found)
	}
}

// FuzzJudge checks that a judgement depends on nothing but its arguments, that case does
// not matter, and that a folder above a project does not make its files harmless.
func FuzzJudge(f *testing.F) {
	f.Add(".env", []byte("A=1"))
	f.Add("keys/server.pem", []byte(key))
	f.Add(".git/config", []byte(nil))
	f.Fuzz(func(t *testing.T, name string, head []byte) {
		defer inputtest.Bound(t)()
		found := Judge(name, head)
		if again := Judge(name, head); again != found {
			t.Errorf("%q: %+v, then %+v", name, found, again)
		}
		if found.Certain && found.What == "" {
			t.Errorf("%q: certain of nothing", name)
		}
		if ascii(name) {
			if upper := Judge(strings.ToUpper(name), head); upper != found {
				t.Errorf("%q: %+v, in upper case %+v", name, found, upper)
			}
		}
	})
}

func ascii(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r > 127 }) < 0 }
