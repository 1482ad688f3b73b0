package secrets

import (
	"bytes"
	"regexp"
	"slices"
)

// pattern is what a secret looks like. Every match contains one of the texts in has: they
// are searched first, because that is fast.
type pattern struct {
	has   []string
	match *regexp.Regexp
	what  string
}

var patterns = []pattern{
	// rfc-editor.org/rfc/rfc7468, RFC 4716, RFC 9580. A key follows: documentation shows
	// the header alone or with dots.
	{[]string{"PRIVATE KEY"}, regexp.MustCompile(`-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\r|\\n)*[A-Za-z0-9+/]`), privateKeys},
	{[]string{"PuTTY-User-Key-File"}, regexp.MustCompile(`(?m)^PuTTY-User-Key-File-[0-9]:`), privateKeys},
	// age-encryption.org/v1
	{[]string{"AGE-SECRET-KEY-1"}, regexp.MustCompile(`AGE-SECRET-KEY-1[0-9A-Z]{58}`), privateKeys},
	// cloud.google.com/iam/docs/keys-create-delete
	{[]string{"service_account"}, regexp.MustCompile(`(?s)"type"\s*:\s*"service_account".*"private_key"\s*:|"private_key"\s*:.*"type"\s*:\s*"service_account"`),
		"holds the key of a Google service account"},
	// cloud.google.com/docs/authentication/application-default-credentials
	{[]string{"authorized_user"}, regexp.MustCompile(`"refresh_token"\s*:\s*"[^"]{20}`), "holds Google Cloud credentials"},
	// docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
	{[]string{"ecret", "ECRET"}, regexp.MustCompile(`(?i)(?:aws_?secret_?|secret_?access_?)key["']?\s*[:=]\s*["']?([a-z0-9/+]{40})(?:[^a-z0-9/+=]|$)`),
		"holds AWS credentials"},
	{[]string{"AKIA"}, regexp.MustCompile(`AKIA[A-Z0-9]{16},([A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|$)`), "holds AWS credentials"},
	// learn.microsoft.com/azure/storage/common/storage-configure-connection-string
	{[]string{"AccountKey="}, regexp.MustCompile(`AccountKey=[A-Za-z0-9+/]{86}==`), "holds an Azure storage key"},
	// github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats
	{[]string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_"}, regexp.MustCompile(`\bgh[pousr]_([A-Za-z0-9]{36,255})\b`), "holds a GitHub token"},
	{[]string{"github_pat_"}, regexp.MustCompile(`\bgithub_pat_([A-Za-z0-9_]{80,255})\b`), "holds a GitHub token"},
	// docs.gitlab.com/security/tokens/#token-prefixes
	{[]string{"glpat-"}, regexp.MustCompile(`\bglpat-([A-Za-z0-9_-]{20})`), "holds a GitLab token"},
	// github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format, and the older UUIDs
	{[]string{"npm_"}, regexp.MustCompile(`\bnpm_([A-Za-z0-9]{36})\b`), "holds an npm token"},
	{[]string{"_authToken"}, regexp.MustCompile(`_authToken\s*=\s*["']?([A-Za-z0-9][A-Za-z0-9._/+=-]{7,})`), "holds an npm token"},
	// pypi.org/help/#apitoken
	{[]string{"pypi-AgE"}, regexp.MustCompile(`\bpypi-AgE([A-Za-z0-9_-]{50})`), "holds a PyPI token"},
	// docs.slack.dev/authentication/tokens
	{[]string{"xox"}, regexp.MustCompile(`\bxox[abeoprs]-[0-9]{6,}-([A-Za-z0-9-]{10,})`), "holds a Slack token"},
	// docs.stripe.com/keys
	{[]string{"_live_"}, regexp.MustCompile(`\b[rs]k_live_([A-Za-z0-9]{20,})`), "holds a Stripe key"},
}

// content says what the first bytes of a text contain, "" for nothing.
func content(head []byte) string {
	head = head[:min(len(head), HeadBytes)]
	if len(head) < 16 || bytes.IndexByte(head, 0) >= 0 {
		return "" // what is binary is judged by its name
	}
	for _, p := range patterns {
		if !slices.ContainsFunc(p.has, func(text string) bool { return bytes.Contains(head, []byte(text)) }) {
			continue
		}
		for _, m := range p.match.FindAllSubmatch(head, 8) {
			if len(m) < 2 || !placeholder(m[1]) {
				return p.what
			}
		}
	}
	return ""
}

// placeholder reports whether a value stands for a secret: xxxxxxxx, or the keys in AWS's
// documentation, which end in EXAMPLEKEY.
func placeholder(value []byte) bool {
	if bytes.Contains(value, []byte("EXAMPLE")) {
		return true
	}
	var seen [256]bool
	distinct := 0
	for _, c := range value {
		if !seen[c] {
			seen[c] = true
			distinct++
		}
	}
	return distinct < 6
}
