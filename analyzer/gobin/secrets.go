package gobin

import (
	"cmp"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Secrets are the credentials that the go command uses to download private modules.
// The go command hides them in its own messages, but not in responses of servers, in
// addresses that it cannot parse, or in messages of git.
type Secrets struct{ texts []string }

// minSecret is the minimum length in bytes of a secret that is replaced anywhere in a
// message. Shorter ones would also match parts of words.
const minSecret = 4

// SecretsOf reads the credentials from an environment: those in the addresses of
// proxies and git settings, and the passwords in the netrc file.
// https://go.dev/ref/mod#private-module-proxy-auth
func SecretsOf(env []string) Secrets {
	var s Secrets
	values := map[string]string{}
	for _, kv := range env {
		name, value, _ := strings.Cut(kv, "=")
		values[name] = value
		switch upper := strings.ToUpper(name); {
		case slices.Contains([]string{"GOPROXY", "GOSUMDB", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"}, upper),
			strings.HasPrefix(upper, "GIT_CONFIG_KEY_"), strings.HasPrefix(upper, "GIT_CONFIG_VALUE_"):
			for _, address := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(",| \t\n", r) }) {
				s.addAddress(address)
			}
		}
	}
	netrc := values["NETRC"]
	if home, err := os.UserHomeDir(); netrc == "" && err == nil {
		netrc = filepath.Join(cmp.Or(values["HOME"], home), ".netrc")
	}
	if f, err := os.Open(netrc); err == nil {
		text, _ := io.ReadAll(io.LimitReader(f, 1<<20))
		f.Close()
		words := strings.Fields(string(text))
		for i, word := range words[:max(0, len(words)-1)] {
			if word == "password" {
				s.add(words[i+1])
			}
		}
	}
	// The longest first, because one may be part of another.
	slices.SortFunc(s.texts, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	s.texts = slices.Compact(s.texts)
	return s
}

// addAddress adds the credentials in an address, which need not be valid.
func (s *Secrets) addAddress(address string) {
	if _, rest, ok := strings.Cut(address, "://"); ok {
		address = rest
	}
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return
	}
	user, password, both := strings.Cut(address[:at], ":")
	if !both {
		password = user // a token by itself
	}
	// A parser cuts a password that contains a slash there.
	for _, part := range append(strings.Split(password, "/"), password) {
		s.add(part)
	}
}

// add adds a secret as it is, and percent-encoded as in an address.
func (s *Secrets) add(text string) {
	plain, err := url.QueryUnescape(strings.ReplaceAll(text, "+", "%2B"))
	if err != nil {
		plain = text
	}
	for _, one := range []string{text, plain, url.QueryEscape(plain), url.PathEscape(plain)} {
		if len(one) >= minSecret {
			s.texts = append(s.texts, one)
		}
	}
}

var (
	// userinfo matches the user and password in an address. They may contain "@".
	userinfo = regexp.MustCompile(`(://)[^/\s'"]+@`)
	// answered matches a server's response to a failed authentication, which the go
	// command and git include in their messages.
	answered = regexp.MustCompile(`(?s)((?:401|403|407) [A-Za-z ]+?)\s+server response:.*|remote:.*?(fatal: Authentication failed)`)
)

// Hide removes the credentials from a message of the go command.
func (s Secrets) Hide(message string) string {
	for _, text := range s.texts {
		message = strings.ReplaceAll(message, text, "…")
	}
	return answered.ReplaceAllString(userinfo.ReplaceAllString(message, "$1"), "$1$2")
}
