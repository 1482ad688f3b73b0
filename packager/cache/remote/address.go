package remote

import (
	"encoding/base64"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Variables of the environment that hold credentials.
const (
	TokenVariable    = "FEATHERPACK_CACHE_TOKEN"
	UserVariable     = "FEATHERPACK_CACHE_USER"
	PasswordVariable = "FEATHERPACK_CACHE_PASSWORD"
)

// IsAddress reports whether the name of a cache is a server's address, not a folder's name.
func IsAddress(name string) bool {
	return regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://`).MatchString(name)
}

const example = "for example --cache https://cache.example.org/featherpack"

// parse reads an address. No error repeats it: it may hold a password.
func parse(typed string) (*url.URL, error) {
	u, err := url.Parse(typed)
	switch {
	case err != nil || u.Opaque != "":
		return nil, analyzer.Usage("the address of the cache is malformed", example)
	case u.User != nil || strings.Contains(u.Host, "@"):
		return nil, analyzer.Usage("the address of the cache holds credentials, which other programs can see",
			"remove USER:PASSWORD@ and set "+UserVariable+" and "+PasswordVariable+", or "+TokenVariable)
	case !slices.Contains([]string{"http", "https", "grpc", "grpcs"}, u.Scheme):
		return nil, analyzer.Usage("the address of the cache does not start with http://, https://, grpc:// or grpcs://", example)
	case u.Hostname() == "":
		return nil, analyzer.Usage("the address of the cache has no host", example)
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, analyzer.Usage("the address of the cache has a query or a fragment", "give the address without ? and #")
	case strings.HasPrefix(u.Scheme, "grpc") && u.Port() == "":
		return nil, analyzer.Usage("the address of the cache has no port", "for example --cache grpcs://cache.example.org:443")
	}
	return u, nil
}

// authorization returns the value of the header for the credentials of the environment. No
// error repeats one.
func authorization(getenv func(string) string) (string, error) {
	token, user, password := getenv(TokenVariable), getenv(UserVariable), getenv(PasswordVariable)
	for _, one := range []string{token, user, password} {
		if strings.ContainsFunc(one, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return "", analyzer.Usage("the credentials of the cache hold a line break or another control character", "set them again without it")
		}
	}
	switch {
	case token != "" && user+password != "":
		return "", analyzer.Usage(TokenVariable+" and "+UserVariable+" are both set", "unset one of them")
	case token != "":
		return "Bearer " + token, nil
	case user == "" && password != "" || strings.Contains(user, ":"):
		return "", analyzer.Usage(UserVariable+" is not a user's name", "set it to the name that belongs to "+PasswordVariable)
	case user != "":
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password)), nil
	}
	return "", nil
}

// plain reports whether others can read what is sent to an address.
func plain(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return (u.Scheme == "http" || u.Scheme == "grpc") && u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback())
}
