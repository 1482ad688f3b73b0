package gobin

import "testing"

var symbolNames = []struct{ name, want string }{
	{"main.main", "main"},
	{"fmt.Println", "fmt"},
	{"net/http.(*Client).Do", "net/http"},
	{"net/http.(*Client).Do-fm", "net/http"},
	{"net/http.(*http2Transport).newClientConn.func1.deferwrap2", "net/http"},
	{"vendor/golang.org/x/net/idna.(*Profile).process", "vendor/golang.org/x/net/idna"},
	{"gopkg.in/yaml%2ev3.Unmarshal", "gopkg.in/yaml.v3"},
	{"github.com/aws/aws-sdk-go-v2/service/dynamodb..stmp_12", "github.com/aws/aws-sdk-go-v2/service/dynamodb"},
	{"slices.SortFunc[go.shape.[]github.com/a/b%2ec.T,go.shape.int]", "slices"},
	{"github.com/a/b.(*Set[go.shape.string]).Add", "github.com/a/b"},
	{"sync/atomic..dict.Pointer[net/http.response]", "sync/atomic"},
	{"type:.eq.net/http.http2Frame", "net/http"},
	{"type:.hash.[4]crypto/tls.ticketKey", "crypto/tls"},
	{"type:.eq.struct { F uintptr; a/b.X int }", ""},
	{"type:.eq.[2]string", ""},
	{"go:itab.*reflect.rtype,reflect.Type", "reflect"},
	{"go:itab.github.com/a/b.T,io.Reader", "github.com/a/b"},
	{"go:string.*", ""},
	{"$f64.3fe0000000000000", ""},
	{"cmpbody", ""},
	{"", ""},
}

func TestPackageOf(t *testing.T) {
	for _, c := range symbolNames {
		if got := PackageOf(c.name); got != c.want {
			t.Errorf("PackageOf(%q) = %q, want %q", c.name, got, c.want)
		}
	}
}
