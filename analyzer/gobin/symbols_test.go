package gobin

import (
	"debug/buildinfo"
	"runtime/debug"
	"testing"
)

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

func TestModuleOf(t *testing.T) {
	info := &buildinfo.BuildInfo{
		GoVersion: "go1.26.0", Path: "example.com/shop/cmd/orders",
		Main: debug.Module{Path: "example.com/shop", Version: "(devel)"},
		Deps: []*debug.Module{
			{Path: "github.com/aws/aws-sdk-go-v2", Version: "v1.47.7"},
			{Path: "github.com/aws/aws-sdk-go-v2/config", Version: "v1.33.15"},
			{Path: "example.com/shop/nested", Version: "v0.0.0", Replace: &debug.Module{Path: "./nested"}},
			{Path: "gopkg.in/yaml.v3", Version: "v3.0.0", Replace: &debug.Module{Path: "example.com/yaml", Version: "v3.9.9"}},
		},
	}
	for _, c := range []struct{ pkg, module, version string }{
		{"example.com/shop/cmd/orders", "example.com/shop", ""},
		{"example.com/shop/internal/db", "example.com/shop", ""},
		{"example.com/shop/nested/deep", "example.com/shop/nested", "(local)"},
		{"example.com/shopping", Std, "go1.26.0"},
		{"github.com/aws/aws-sdk-go-v2/aws", "github.com/aws/aws-sdk-go-v2", "v1.47.7"},
		{"github.com/aws/aws-sdk-go-v2/config", "github.com/aws/aws-sdk-go-v2/config", "v1.33.15"},
		{"gopkg.in/yaml.v3", "gopkg.in/yaml.v3", "v3.9.9"},
		{"net/http", Std, "go1.26.0"},
		{"vendor/golang.org/x/net/idna", Std, "go1.26.0"},
	} {
		module, version := ModuleOf(info, c.pkg)
		if module != c.module || version != c.version {
			t.Errorf("ModuleOf(%s) = %s %q, want %s %q", c.pkg, module, version, c.module, c.version)
		}
	}
}
