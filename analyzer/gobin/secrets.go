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

// Secrets are the credentials by which the go command gets private modules. It
// leaves them out of what it says itself, but not out of what a server answers,
// of an address that it cannot read, or of what git says.
type Secrets struct{ texts []string }

// minSecret is the length in bytes from which a text is looked for wherever it
// stands: a shorter one would be found in words.
const minSecret = 4

// SecretsOf reads the credentials out of an environment: those in the addresses
// of proxies and of git's settings, and the passwords of the netrc file.
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
	// The longest first: one may be a part of another.
	slices.SortFunc(s.texts, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	s.texts = slices.Compact(s.texts)
	return s
}

// addAddress takes the credentials of an address, which need not be a sound one.
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
	// One with a slash in it is cut there by who reads the address.
	for _, part := range append(strings.Split(password, "/"), password) {
		s.add(part)
	}
}

// add adds a text as it is and as it is written in an address.
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
	// userinfo is what stands before the host of an address. It may hold an "@".
	userinfo = regexp.MustCompile(`(://)[^/\s'"]+@`)
	// answered is a server's own answer to one whom it does not know, which the go
	// command and git pass on.
	answered = regexp.MustCompile(`(?s)((?:401|403|407) [A-Za-z ]+?)\s+server response:.*|remote:.*?(fatal: Authentication failed)`)
)

// Hide takes the credentials out of a message of the go command.
func (s Secrets) Hide(message string) string {
	for _, text := range s.texts {
		message = strings.ReplaceAll(message, text, "…")
	}
	return answered.ReplaceAllString(userinfo.ReplaceAllString(message, "$1"), "$1$2")
}
