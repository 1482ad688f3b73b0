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

// tagNotes says what is known of a tag. One that is not listed is proposed all
// the same, with the files it leaves out.
var tagNotes = map[string]struct {
	says, source string
	safe         bool
}{
	"lambda.norpc":     {"", norpcSource, true},
	"grpcnotrace":      {"the pages /debug/requests and /debug/events of golang.org/x/net/trace go away", "https://pkg.go.dev/google.golang.org/grpc#EnableTracing", false},
	"nomsgpack":        {"request bodies in MessagePack no longer bind", "https://github.com/gin-gonic/gin#build-without-msgpack-rendering-feature", false},
	"nethttpomithttp2": {"net/http speaks HTTP/1.1 only, to clients and servers", "https://pkg.go.dev/net/http#hdr-HTTP_2", false},
}

// settledTags say where a program runs, how it was compiled, that a file is no
// part of a program, or that a bigger library takes another's place (the last
// line). None is a choice that makes a program smaller.
var settledTags = map[string]bool{
	"cgo": true, "gc": true, "gccgo": true, "race": true, "msan": true, "asan": true, "unix": true,
	"purego": true, "noasm": true, "safe": true, "appengine": true, "tinygo": true, "js": true, "wasm": true,
	"ignore": true, "tools": true, "generate": true, "gofuzz": true, "faketime": true, "boringcrypto": true,
	"netgo": true, "netcgo": true, "osusergo": true, "compiler_bootstrap": true, "cmd_go_bootstrap": true,
	"go_json": true, "sonic": true, "jsoniter": true,
}

// settledPlatforms are the systems and processors of Go (internal/syslist).
var settledPlatforms = strings.Fields(`aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos
	386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm`)

// tagUse is what setting a tag would do to the program's packages.
type tagUse struct {
	pkg    *gobin.Package
	leaves []string // files that are left out then
	takes  []string // files that come in their place
}

// buildTag reads the build constraints of everything linked, and proposes the
// tags that leave files out, unless they are already proposed for another reason.
func (p *program) buildTag() {
	proposed := map[string]bool{}
	for _, a := range p.found {
		for _, tag := range a.Change.Tags {
			proposed[tag] = true
		}
	}
	uses := p.tagUses()
	for tag, us := range uses {
		if proposed[tag] || us[0].pkg.Module == "" && tag != "nethttpomithttp2" || twin(uses, tag) {
			continue
		}
		if _, known := tagNotes[tag]; known || sourceBytes(us) >= minTagSource || strings.HasPrefix(tag, "no") {
			p.add(p.tagAdvice(tag, us))
		}
	}
}

// tagAdvice proposes a tag.
func (p *program) tagAdvice(tag string, us []tagUse) Advice {
	u := us[0]
	a := Advice{
		Diagnostic: analyzer.Diagnostic{
			Position: p.Place(u.pkg, filepath.Join(dir(u.pkg), u.leaves[0]), 1, 0),
			Message:  fmt.Sprintf("the tag %s leaves %s out of %s", tag, files(u.leaves), u.pkg.Path),
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
	note, known := tagNotes[tag]
	a.Source, a.BehaviourChanges = note.source, note.says
	if !note.safe && note.says == "" {
		says, read := "what "+files(u.leaves)+" does goes away", "; read it first"
		if len(u.takes) > 0 {
			says, read = files(u.takes)+" takes the place of "+files(u.leaves), "; read both first"
		}
		if known {
			read = ""
		}
		a.BehaviourChanges = says + read
	}
	return a
}

// tagUses says what each tag that leaves files out would do, package by package.
func (p *program) tagUses() map[string][]tagUse {
	uses := map[string][]tagUse{}
	reached := p.Reached(p.main)
	slices.SortFunc(reached, func(a, b *gobin.Package) int { return strings.Compare(a.Path, b.Path) })
	for _, n := range reached {
		// The standard library's own tags are for porting it, but for one.
		if n.Module == "" && n.Path != "net/http" {
			continue
		}
		for tag, u := range p.tagsOf(n) {
			if len(u.leaves) > 0 {
				uses[tag] = append(uses[tag], u)
			}
		}
	}
	return uses
}

// twin reports whether a shorter tag, or one before it in the alphabet, leaves
// out the same files: modules spell a tag with and without their name.
func twin(uses map[string][]tagUse, tag string) bool {
	for other, us := range uses {
		shorter := len(other) < len(tag) || len(other) == len(tag) && other < tag
		if shorter && slices.EqualFunc(us, uses[tag], func(a, b tagUse) bool { return a.pkg == b.pkg && slices.Equal(a.leaves, b.leaves) }) {
			return true
		}
	}
	return false
}

// minTagSource is how much less source a program must be compiled from for a tag
// of no known effect to be worth a trial build, in bytes. Most tags only put one
// way of doing a thing in place of another; those that say no to one are tried.
const minTagSource = 4096

// sourceBytes is how much less source a tag leaves, 0 where it is more.
func sourceBytes(us []tagUse) int64 {
	var n int64
	for _, u := range us {
		for _, f := range u.leaves {
			if st, err := os.Stat(filepath.Join(dir(u.pkg), f)); err == nil {
				n += st.Size()
			}
		}
		for _, f := range u.takes {
			if st, err := os.Stat(filepath.Join(dir(u.pkg), f)); err == nil {
				n -= st.Size()
			}
		}
	}
	return max(n, 0)
}

// dir is the folder of a package that has files.
func dir(n *gobin.Package) string { return filepath.Dir(n.Files[0]) }

// files names one file, or counts several.
func files(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return fmt.Sprintf("%s and %d more", names[0], len(names)-1)
}

// tagsOf says what each tag in a package's constraints would do to it.
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
					u.leaves = append(u.leaves, base)
				} else if !now && then {
					u.takes = append(u.takes, base)
				}
				out[tag] = u
			}
		}
	}
	return out
}

// tagsIn lists the tags of a constraint that are a choice and not yet made.
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
			if !settledTags[t] && !settledTags[last] && !slices.Contains(settledPlatforms, t) && !strings.HasPrefix(t, "go1.") && !strings.HasPrefix(t, "goexperiment.") &&
				!strings.HasSuffix(t, "_test") && !slices.Contains(strings.FieldsFunc(t, func(r rune) bool { return r == '.' || r == '_' }), "debug") {
				out = append(out, t)
			}
		}
	}
	walk(e)
	return out
}

// constraintOf reads a file's //go:build line, which stands before its package
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
