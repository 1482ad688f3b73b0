package golang

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/goflags"
	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/golang/toolchain"
)

func TestGoflags(t *testing.T) {
	for _, c := range []struct {
		goflags, tags, ldflags, passed, codes string
	}{
		{goflags: ""},
		{goflags: "-buildvcs=false -trimpath -v -mod=readonly"},
		{goflags: "-mod=vendor", passed: "-mod=vendor"},
		{goflags: "-mod=mod", codes: "goflags-ignored"},
		{goflags: "-buildvcs=true -trimpath=false", codes: "goflags-ignored goflags-ignored"},
		{goflags: "-tags=a,b --tags=c", tags: "a b c"},
		{goflags: "-ldflags=-X=a.b=c '-ldflags=-X a.d=e'", ldflags: "-X=a.b=c -X a.d=e"},
		{goflags: "-gcflags=all=-l -pgo=off -race", passed: "-gcflags=all=-l -pgo=off -race"},
		{goflags: "-toolexec=x -overlay=y", codes: "goflags-refused goflags-refused"},
		{goflags: "-compiler=gccgo", codes: "goflags-refused"},
		{goflags: "-buildmode=plugin", codes: "goflags-ignored"},
		{goflags: "'-tags=a", codes: "goflags"},
	} {
		u := readGoflags(c.goflags, nil)
		var codes []string
		for _, d := range u.diagnostics {
			codes = append(codes, d.Code)
		}
		got := []string{strings.Join(u.tags, " "), strings.Join(u.ldflags, " "), strings.Join(u.passed, " "), strings.Join(codes, " ")}
		if want := []string{c.tags, c.ldflags, c.passed, c.codes}; !slices.Equal(got, want) {
			t.Errorf("GOFLAGS=%s gives %q, want %q", c.goflags, got, want)
		}
	}
}

func TestTagsOfABuild(t *testing.T) {
	for _, c := range []struct{ user, own, want string }{
		{"", "", "lambda.norpc"}, {"b", "auto,a", "a,b,lambda.norpc"}, {"", "!lambda.norpc", ""},
		{"a b", "!a", "b,lambda.norpc"}, {"!lambda.norpc", "a", "a"},
	} {
		if got, err := mergeTags([]string{c.user}, []string{c.own}); err != nil || got != c.want {
			t.Errorf("%q and %q give %q, %v; want %q", c.user, c.own, got, err, c.want)
		}
	}
	if _, err := mergeTags([]string{"!"}); err == nil {
		t.Error("! is a tag")
	}
}

func TestLinkerFlags(t *testing.T) {
	for _, c := range []struct {
		flags string
		cgo   bool
		args  string
		shown string
		code  string
	}{
		{flags: ""},
		{flags: "-s -w"}, // always set
		{flags: "-w -X main.a=b -c", args: "-X main.a=b -c", shown: "-X main.a=… -c"},
		{flags: "-X main.a=b", args: "-X main.a=b", shown: "-X main.a=…"},
		{flags: "-X 'main.a=b c'", args: "-X 'main.a=b c'", shown: "-X main.a=…"},
		{flags: "--X=example.com/m.a=", args: "--X=example.com/m.a=", shown: "-X example.com/m.a=…"},
		{flags: "-buildid=", args: "-buildid=", shown: "-buildid="},
		{flags: "-X main.a", code: "ldflags"},
		{flags: "-X", code: "ldflags"},
		{flags: "'-X main.a=b", code: "ldflags"},
		{flags: "main.o", code: "ldflags"},
		{flags: "-linkmode=external", code: "ldflags-refused"},
		{flags: "-linkmode=external", cgo: true, args: "-linkmode=external", shown: "-linkmode=external"},
		{flags: "-extldflags=-static", code: "ldflags-refused"},
		{flags: "-extldflags '-static -Wl,-z,now'", cgo: true, args: "-extldflags '-static -Wl,-z,now'", shown: "-extldflags=-static -Wl,-z,now"},
		{flags: "-extldflags=-fplugin=evil.so", cgo: true, code: "ldflags-refused"},
		{flags: "-extldflags=-Wl,--plugin,evil.so", cgo: true, code: "ldflags-refused"},
		{flags: "-extldflags=@file", cgo: true, code: "ldflags-refused"},
		{flags: "-extld=cc", cgo: true, code: "ldflags-refused"},
		{flags: "-memprofile=x", code: "ldflags-refused"},
	} {
		args, shown, err := checkLDFlags([]string{c.flags}, c.cgo, nil)
		var d analyzer.Diagnostic
		errors.As(err, &d)
		if args != c.args || strings.Join(shown, " ") != c.shown || d.Code != c.code {
			t.Errorf("%q gives %q, shown as %q, %v", c.flags, args, shown, err)
		}
	}
}

func TestTags(t *testing.T) {
	got, err := mergeTags([]string{"b", "a,b"}, []string{"auto", "lambda.norpc c"})
	if got != "a,b,c,lambda.norpc" || err != nil {
		t.Errorf("merged to %q, %v", got, err)
	}
	for _, bad := range []string{"-o", "a=b", "!!a", "a;b"} {
		if got, err := mergeTags([]string{bad}); err == nil {
			t.Errorf("the tag %q is taken as %q", bad, got)
		}
	}
}

// Any text of flags is split without loss, and only allowed flags are passed on.
func FuzzFlags(f *testing.F) {
	for _, seed := range []string{"", "-s -w", "-X 'a.b=c d'", `"-X=a.b='c'" -extld x`, "-extldflags=-static", "-tags=a -toolexec=b", "'", "- -- ---="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		defer inputtest.Bound(t)()
		words, err := goflags.Split(text)
		if err != nil {
			return
		}
		if joined, err := goflags.Join(words); err == nil {
			again, err := goflags.Split(joined)
			if err != nil || !slices.Equal(again, words) {
				t.Fatalf("%q becomes %q becomes %q", words, joined, again)
			}
		}
		if args, shown, err := checkLDFlags([]string{text}, true, nil); err == nil {
			if _, err := goflags.Split(args); err != nil {
				t.Fatalf("%q gives %q: %v", text, args, err)
			}
			for _, flag := range shown {
				name := strings.TrimPrefix(flag, "-")
				name = name[:max(0, strings.IndexFunc(name+" ", func(r rune) bool { return r == ' ' || r == '=' }))]
				if !slices.Contains(slices.Concat(linkerSwitches, linkerValues, []string{"linkmode", "extldflags"}), name) {
					t.Fatalf("%q lets %q through", text, flag)
				}
			}
		}
		for _, flag := range readGoflags(text, nil).passed {
			name, _, _ := strings.Cut(strings.TrimLeft(flag, "-"), "=")
			if flag != "-mod=vendor" && !slices.Contains(passedFlags, name) {
				t.Fatalf("%q lets %q through", text, flag)
			}
		}
	})
}

// Any output of the toolchain becomes diagnostics that contain no folder above the
// root and no line break.
func FuzzMessages(f *testing.F) {
	for _, seed := range []string{
		"# example.com/a\na/x.go:1:2: undefined: y\n\tmore\n# example.com/b [b.test]\nlink: z",
		"go: errors parsing go.mod:\n/srv/shop/go.mod:3: unknown directive: x",
		"a.go:1:99999999999999999999: x", "pattern a: no matching files found", "# \n\t\n", "x; to add it:\n\tgo get y", "..o:1: x",
	} {
		f.Add(seed)
	}
	tools, err := toolchain.Find(f.Context(), "/srv/shop", "")
	if err != nil {
		f.Fatal(err)
	}
	b := &builder{job: packager.Job{Project: analyzer.Project{Root: "/srv/shop"}}, tools: tools}
	s := settings{home: "/srv/shop"}
	f.Fuzz(func(t *testing.T, messages string) {
		defer inputtest.Bound(t)()
		for _, list := range b.compileErrors(s, messages) {
			for _, d := range list {
				checkShown(t, d)
			}
		}
		checkShown(t, b.explain(s.home, "x", "", messages))
		checkShown(t, b.explain(s.home, "x", messages, messages))
	})
}

func checkShown(t *testing.T, d analyzer.Diagnostic) {
	t.Helper()
	if d.Code == "" || strings.ContainsAny(d.Message, "\n\r") || strings.Contains(d.Message, "/srv/shop/") || strings.HasPrefix(d.File+"/", "../") || strings.HasPrefix(d.File, "/") {
		t.Fatalf("%+v", d)
	}
}

// The tag lambda.norpc is explained where it removes what the code uses, and can be
// turned off.
func TestNoRPC(t *testing.T) {
	p := shop(t, map[string]string{
		"go.mod": "module example.com/shop\n\ngo 1.24\n\nrequire github.com/aws/aws-lambda-go v1.0.0\n\n" +
			"replace github.com/aws/aws-lambda-go => ./aws\n",
		"aws/go.mod": "module github.com/aws/aws-lambda-go\n\ngo 1.24\n",
		"aws/lambda/start.go": "package lambda\n\nimport \"os\"\n\n" +
			"func Start(handler any) { println(handler, os.Getenv(\"AWS_LAMBDA_RUNTIME_API\")) }\n",
		"aws/lambda/rpc_function.go": "//go:build !lambda.norpc\n\npackage lambda\n\nfunc NewFunction(handler any) any { return handler }\n",
		"cmd/a/main.go": "package main\n\nimport \"github.com/aws/aws-lambda-go/lambda\"\n\n" +
			"func main() { lambda.Start(lambda.NewFunction(nil)) }\n",
	})
	b := build(t, p, setup{}, function("a", "./cmd/a"))["a"]
	if len(b.Diagnostics) == 0 || b.Diagnostics[0].Code != "norpc" || !strings.Contains(b.Diagnostics[0].Hint, `tags: ["!lambda.norpc"]`) {
		t.Errorf("%v", b.Diagnostics)
	}
	with := function("a", "./cmd/a")
	with.Build.Tags = []string{"!lambda.norpc"}
	b = build(t, p, setup{}, with)["a"]
	if b.Failed() || setting(b, "tags") != "" {
		t.Errorf("tags %q, %v", setting(b, "tags"), b.Diagnostics)
	}
}
