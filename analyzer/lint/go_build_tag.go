package lint

import (
	"bufio"
	"fmt"
	"go/build/constraint"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin"
)

// knownTags describes tags whose effect is known. Other tags are proposed too, with
// the files they remove.
var knownTags = map[string]struct {
	effect, source string
	safe           bool
}{
	"lambda.norpc":     {"", norpcSource, true},
	"grpcnotrace":      {"the pages /debug/requests and /debug/events of golang.org/x/net/trace are removed", "https://pkg.go.dev/google.golang.org/grpc#EnableTracing", false},
	"nomsgpack":        {"MessagePack request bodies can no longer be bound", "https://github.com/gin-gonic/gin#build-without-msgpack-rendering-feature", false},
	"nethttpomithttp2": {"net/http supports HTTP/1.1 only, as client and as server", "https://pkg.go.dev/net/http#hdr-HTTP_2", false},
}

// fixedTags are never proposed. They describe the platform or the compiler, exclude
// a file from every program, or (last line) select a larger library. None of them
// makes a program smaller.
var fixedTags = map[string]bool{
	"cgo": true, "gc": true, "gccgo": true, "race": true, "msan": true, "asan": true, "unix": true,
	"purego": true, "noasm": true, "safe": true, "appengine": true, "tinygo": true, "js": true, "wasm": true,
	"ignore": true, "tools": true, "generate": true, "gofuzz": true, "faketime": true, "boringcrypto": true,
	"netgo": true, "netcgo": true, "osusergo": true, "compiler_bootstrap": true, "cmd_go_bootstrap": true,
	"go_json": true, "sonic": true, "jsoniter": true,
}

// platforms lists Go's operating systems and architectures (internal/syslist).
var platforms = strings.Fields(`aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos
	386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm`)

// tagUse describes what setting a tag changes in a package.
type tagUse struct {
	pkg     *gobin.Package
	removed []string // files that the tag removes from the build
	added   []string // files that the tag adds to the build
}

// buildTag reads the build constraints of every linked package. It proposes the
// tags that remove files, unless another rule has already proposed them.
func (p *program) buildTag() {
	proposed := map[string]bool{}
	for _, a := range p.found {
		for _, tag := range a.Change.Tags {
			proposed[tag] = true
		}
	}
	uses := p.tagUses()
	for tag, us := range uses {
		if proposed[tag] || us[0].pkg.Module == "" && tag != "nethttpomithttp2" || sameAsShorter(uses, tag) {
			continue
		}
		if _, known := knownTags[tag]; known || sourceSaved(us) >= minSourceSaved || strings.HasPrefix(tag, "no") {
			p.add(p.tagAdvice(tag, us))
		}
	}
}

// tagAdvice returns the advice to set a tag.
func (p *program) tagAdvice(tag string, us []tagUse) Advice {
	u := us[0]
	a := Advice{
		Diagnostic: analyzer.Diagnostic{
			Position: p.Place(u.pkg, filepath.Join(dir(u.pkg), u.removed[0]), 1, 0),
			Message:  fmt.Sprintf("the tag %s leaves %s out of %s", tag, files(u.removed), u.pkg.Path),
			Hint:     "build with -tags " + tag,
		},
		Chain:  p.Chain(p.main, u.pkg.Path),
		Change: Change{Tags: []string{tag}},
	}
	switch more := len(us) - 1; more {
	case 0:
	case 1:
		a.Message += ", and files out of 1 more package"
	default:
		a.Message += fmt.Sprintf(", and files out of %d more packages", more)
	}
	note, known := knownTags[tag]
	a.Source, a.BehaviourChanges = note.source, note.effect
	if !note.safe && note.effect == "" {
		effect, read := "the code in "+files(u.removed)+" is removed", "; read it first"
		if len(u.added) > 0 {
			effect, read = "the build uses "+files(u.added)+" in place of "+files(u.removed), "; read both first"
		}
		if known {
			read = ""
		}
		a.BehaviourChanges = effect + read
	}
	return a
}

// tagUses returns, for every tag that removes files, what it changes in each package.
func (p *program) tagUses() map[string][]tagUse {
	uses := map[string][]tagUse{}
	reached := p.Reached(p.main)
	slices.SortFunc(reached, func(a, b *gobin.Package) int { return strings.Compare(a.Path, b.Path) })
	for _, n := range reached {
		// The standard library's tags are for porting it, except one in net/http.
		if n.Module == "" && n.Path != "net/http" {
			continue
		}
		for tag, u := range p.tagsOf(n) {
			if len(u.removed) > 0 {
				uses[tag] = append(uses[tag], u)
			}
		}
	}
	return uses
}

// sameAsShorter reports whether a shorter tag removes the same files. Among tags of
// the same length the first in the alphabet counts as shorter. Modules often define
// a tag twice, with and without their name.
func sameAsShorter(uses map[string][]tagUse, tag string) bool {
	for other, us := range uses {
		shorter := len(other) < len(tag) || len(other) == len(tag) && other < tag
		if shorter && slices.EqualFunc(us, uses[tag], func(a, b tagUse) bool { return a.pkg == b.pkg && slices.Equal(a.removed, b.removed) }) {
			return true
		}
	}
	return false
}

// minSourceSaved is how many bytes of source a tag of unknown effect must remove to
// be worth a trial build. Most tags only replace one implementation with another.
// Tags that begin with "no" are always tried.
const minSourceSaved = 4096

// sourceSaved returns how many bytes of source a tag removes, less those it adds. It
// is at least 0.
func sourceSaved(us []tagUse) int64 {
	var n int64
	for _, u := range us {
		for _, f := range u.removed {
			if st, err := os.Stat(filepath.Join(dir(u.pkg), f)); err == nil {
				n += st.Size()
			}
		}
		for _, f := range u.added {
			if st, err := os.Stat(filepath.Join(dir(u.pkg), f)); err == nil {
				n -= st.Size()
			}
		}
	}
	return max(n, 0)
}

// dir returns the folder of a package, which must have files.
func dir(n *gobin.Package) string { return filepath.Dir(n.Files[0]) }

// files returns the only file's name, or the first name and the number of others.
func files(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return fmt.Sprintf("%s and %d more", names[0], len(names)-1)
}

// tagsOf returns what each tag in a package's build constraints would change in it.
func (p *program) tagsOf(n *gobin.Package) map[string]tagUse {
	out := map[string]tagUse{}
	for _, list := range [][]string{n.Files, n.Ignored} {
		for _, file := range list {
			expr := constraintOf(file)
			if expr == nil || strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, tag := range tagsIn(expr) {
				now := expr.Eval(p.TagSet)
				then := expr.Eval(func(t string) bool { return t == tag || p.TagSet(t) })
				u := out[tag]
				u.pkg = n
				base := filepath.Base(file)
				if now && !then {
					u.removed = append(u.removed, base)
				} else if !now && then {
					u.added = append(u.added, base)
				}
				out[tag] = u
			}
		}
	}
	return out
}

// tagsIn lists the tags of a constraint that may be proposed.
func tagsIn(e constraint.Expr) []string {
	var out []string
	var walk func(constraint.Expr)
	walk = func(e constraint.Expr) {
		switch e := e.(type) {
		case *constraint.NotExpr:
			walk(e.X)
		case *constraint.AndExpr:
			walk(e.X)
			walk(e.Y)
		case *constraint.OrExpr:
			walk(e.X)
			walk(e.Y)
		case *constraint.TagExpr:
			t := e.Tag
			last := t[strings.LastIndexByte(t, '.')+1:]
			if !fixedTags[t] && !fixedTags[last] && !slices.Contains(platforms, t) && !strings.HasPrefix(t, "go1.") && !strings.HasPrefix(t, "goexperiment.") &&
				!strings.HasSuffix(t, "_test") && !slices.Contains(strings.FieldsFunc(t, func(r rune) bool { return r == '.' || r == '_' }), "debug") {
				out = append(out, t)
			}
		}
	}
	walk(e)
	return out
}

// constraintOf reads a file's //go:build line, which must come before the package
// clause.
func constraintOf(file string) constraint.Expr {
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	for in.Scan() {
		line := strings.TrimSpace(in.Text())
		if constraint.IsGoBuild(line) {
			e, err := constraint.Parse(line)
			if err != nil {
				return nil
			}
			return e
		}
		if strings.HasPrefix(line, "package ") {
			return nil
		}
	}
	return nil
}
