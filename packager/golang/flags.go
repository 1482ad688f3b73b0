package golang

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/goflags"
	"github.com/featherpack/featherpack/packager"
)

// settings are shared by all functions of one `go build`. Two functions with equal
// settings and the same main package get identical programs.
type settings struct {
	command string // absolute path of the go command, "" for the one on PATH
	home    string // absolute working directory of the go command
	gowork  string // absolute go.work, or "off"
	goarch  string
	cgo     bool
	tags    string // comma-separated, sorted
	ldflags string // in the syntax of -ldflags, without -s -w
	flags   string // other flags, in the syntax of GOFLAGS
	// experiments are values of a trial that follow those of GOEXPERIMENT, each with a
	// comma before it.
	experiments string
}

// modFile returns the go.work or go.mod that applies to the group.
func (s settings) modFile() string {
	if s.gowork != "off" {
		return s.gowork
	}
	return filepath.Join(s.home, "go.mod")
}

func (s settings) compare(t settings) int {
	return cmp.Or(cmp.Compare(s.command, t.command), cmp.Compare(s.home, t.home), cmp.Compare(s.gowork, t.gowork), cmp.Compare(s.goarch, t.goarch),
		cmp.Compare(s.tags, t.tags), cmp.Compare(s.experiments, t.experiments), cmp.Compare(s.ldflags, t.ldflags), cmp.Compare(s.flags, t.flags),
		cmp.Compare(fmt.Sprint(s.cgo), fmt.Sprint(t.cgo)))
}

// norpc is the build tag that removes the go1.x protocol from aws-lambda-go.
// provided.al2 and later runtimes do not use it, and its net/rpc makes the linker
// keep every exported method of every type in use.
// https://github.com/aws/aws-lambda-go/blob/main/lambda/rpc_function.go
const norpc = "lambda.norpc"

// args returns the arguments of a `go build` or `go list` with these settings.
func (s settings) args(command string, linker ...string) []string {
	args := []string{command, "-trimpath", "-buildvcs=false"}
	if s.tags != "" {
		args = append(args, "-tags="+s.tags)
	}
	if ld := strings.TrimSpace(strings.Join(linker, " ") + " " + s.ldflags); ld != "" && command == "build" {
		args = append(args, "-ldflags="+ld)
	}
	words, _ := goflags.Split(s.flags) // written by goflags.Join
	return append(args, words...)
}

// passedToCgo lists the variables that select and configure the C toolchain.
var passedToCgo = []string{
	"CC", "CXX", "AR", "PKG_CONFIG", "PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR", "PKG_CONFIG_SYSROOT_DIR",
	"CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_LDFLAGS",
	"C_INCLUDE_PATH", "CPATH", "LIBRARY_PATH", "LD_LIBRARY_PATH",
}

// env returns the environment variables that depend on the settings.
func (s settings) env() []string {
	// GOFLAGS must not be empty, or the value from `go env -w` applies.
	env := []string{"GOOS=linux", "GOARCH=" + s.goarch, "GOWORK=" + s.gowork, "GOFLAGS=-trimpath"}
	if s.experiments != "" {
		env = append(env, "GOEXPERIMENT="+strings.TrimPrefix(os.Getenv("GOEXPERIMENT")+s.experiments, ","))
	}
	if !s.cgo {
		return append(env, "CGO_ENABLED=0")
	}
	for _, name := range passedToCgo {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return append(env, "CGO_ENABLED=1")
}

// userFlags holds the allowed flags of the user's GOFLAGS.
type userFlags struct {
	tags, ldflags, passed []string
	diagnostics           []analyzer.Diagnostic
}

// How flags in GOFLAGS are treated. A flag in none of these lists is ignored, with a
// note.
var (
	// passedFlags are passed on: they change the generated code, and their values
	// do not name a program to run.
	passedFlags = []string{"asmflags", "asan", "cover", "covermode", "coverpkg", "gcflags", "modcacherw", "modfile", "msan", "p", "pgo", "race"}
	// refusedFlags run or replace code during the build.
	refusedFlags = []string{"compiler", "exec", "gccgoflags", "overlay", "toolexec"}
	// ownFlags are always set by this package, or do not affect the program.
	ownFlags = []string{"buildvcs", "trimpath", "v", "x", "n", "a", "work", "json", "mod", "insecure"}
)

// readGoflags parses GOFLAGS. allowed lists refused flags that the caller allows.
func readGoflags(text string, allowed []string) userFlags {
	var u userFlags
	words, err := goflags.Split(text)
	if err != nil {
		u.diagnostics = append(u.diagnostics, analyzer.Diagnostic{
			Code: "goflags", Severity: analyzer.Error, Message: "GOFLAGS cannot be read: " + err.Error(),
			Hint: "see `go help environment` for how GOFLAGS is quoted",
		})
	}
	for _, word := range words {
		name, value, has := strings.Cut(strings.TrimLeft(word, "-"), "=")
		switch {
		case name == "tags":
			u.tags = append(u.tags, strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })...)
		case name == "ldflags":
			u.ldflags = append(u.ldflags, value)
		case slices.Contains(refusedFlags, name) && !allows(allowed, name):
			u.diagnostics = append(u.diagnostics, analyzer.Diagnostic{
				Code: "goflags-refused", Severity: analyzer.Refused,
				Message: "GOFLAGS holds -" + name + ", which runs or replaces code during the build",
				Hint:    "unset GOFLAGS, or allow the flag with --allow-goflag " + name,
			})
		case slices.Contains(passedFlags, name) || slices.Contains(refusedFlags, name):
			u.passed = append(u.passed, "-"+strings.TrimLeft(word, "-"))
		case name == "mod" && value == "vendor":
			u.passed = append(u.passed, "-mod=vendor")
		case slices.Contains(ownFlags, name) && !(name == "trimpath" && value == "false") && !(name == "buildvcs" && value == "true") && !(name == "mod" && value == "mod"):
		default:
			if has {
				name += "=" + value
			}
			u.diagnostics = append(u.diagnostics, analyzer.Diagnostic{
				Code: "goflags-ignored", Severity: analyzer.Note,
				Message: "-" + name + " in GOFLAGS is ignored",
				Hint:    "a build must depend on the sources alone and never changes go.mod",
			})
		}
	}
	return u
}

func allows(allowed []string, name string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool { return strings.TrimLeft(a, "-") == name })
}

var (
	// linkerSwitches and linkerValues only change the linker's output.
	// https://pkg.go.dev/cmd/link
	linkerSwitches = []string{"d", "c", "compressdwarf", "bindnow", "aslr", "checklinkname"}
	linkerValues   = []string{"X", "B", "E", "buildid", "randlayout", "strictdups", "funcalign"}
	// externalSwitches matches the values of -extldflags that load no plugin and
	// run no program. They are allowed with cgo.
	externalSwitches = regexp.MustCompile(`^-(static|static-pie|s|g|O[0-3s]?|l[A-Za-z0-9_.+-]+|Wl,-z,[a-z]+|Wl,--(as-needed|gc-sections|strip-all|build-id=none))$`)
)

// checkLDFlags splits linker flags and refuses flags that run a program, write
// another file, or are unknown. It returns the flags in the syntax of -ldflags, and
// the flags as reported, with values that may be secret hidden.
func checkLDFlags(texts []string, cgo bool, allowed []string) (string, []string, error) {
	var given, words, names []string
	for _, text := range texts {
		split, err := goflags.Split(text)
		if err != nil {
			return "", nil, analyzer.Diagnostic{
				Code: "ldflags", Severity: analyzer.Error, Message: "the linker flags cannot be read: " + err.Error(),
				Hint: "put quotes around a whole flag that contains spaces: '-X main.name=a b'",
			}
		}
		given = append(given, split...)
	}
	for i := 0; i < len(given); i++ {
		name, value, has := strings.Cut(strings.TrimLeft(given[i], "-"), "=")
		if !strings.HasPrefix(given[i], "-") || name == "" {
			return "", nil, ldflagError(given[i], "is not a flag")
		}
		if name == "s" || name == "w" {
			continue // always set
		}
		first := i
		if slices.Contains(linkerSwitches, name) {
			words = append(words, given[i])
			names = append(names, "-"+name)
			continue
		}
		if !has {
			if i+1 == len(given) {
				return "", nil, ldflagError("-"+name, "has no value")
			}
			i++
			value = given[i]
		}
		switch {
		case name == "X":
			variable, _, ok := strings.Cut(value, "=")
			if !ok || !strings.Contains(variable, ".") {
				return "", nil, ldflagError("-X "+variable, "is not of the form -X package.name=value")
			}
			// The value may be a secret.
			names = append(names, "-X "+variable+"=…")
		case slices.Contains(linkerValues, name):
			names = append(names, "-"+name+"="+value)
		case allows(allowed, name):
			names = append(names, "-"+name)
		case name == "linkmode" && (value == "internal" || cgo && (value == "external" || value == "auto")):
			names = append(names, "-linkmode="+value)
		case name == "extldflags" && cgo && harmless(value):
			names = append(names, "-extldflags="+value)
		default:
			return "", nil, analyzer.Diagnostic{
				Code: "ldflags-refused", Severity: analyzer.Refused,
				Message: fmt.Sprintf("the linker flag -%s is not allowed: it may run a program or write a file", name),
				Hint:    "-X, -s and -w are allowed; with cgo, so are -linkmode and simple -extldflags such as -static; allow others with --allow-goflag " + name,
			}
		}
		words = append(words, given[first:i+1]...)
	}
	text, err := goflags.Join(words)
	if err != nil {
		return "", nil, ldflagError("-X", "cannot be quoted: "+err.Error())
	}
	return text, names, nil
}

func ldflagError(flag, what string) analyzer.Diagnostic {
	return analyzer.Diagnostic{
		Code: "ldflags", Severity: analyzer.Error, Message: fmt.Sprintf("the linker flag %s %s", flag, what),
		Hint: "write linker flags like ldflags: [\"-X main.version=1\"]",
	}
}

func harmless(extldflags string) bool {
	words, err := goflags.Split(extldflags)
	return err == nil && !slices.ContainsFunc(words, func(w string) bool { return !externalSwitches.MatchString(w) })
}

var tagForm = regexp.MustCompile(`^[\p{L}\p{N}_.]+$`)

// mergeTags returns the tags of a build: norpc and those of the lists, sorted. A tag that
// begins with ! is removed, which turns norpc off.
func mergeTags(lists ...[]string) (string, error) {
	tags := []string{norpc}
	var removed []string
	for _, list := range lists {
		for _, entry := range list {
			for _, tag := range strings.FieldsFunc(entry, func(r rune) bool { return r == ',' || r == ' ' }) {
				name, remove := strings.CutPrefix(tag, "!")
				if !tagForm.MatchString(name) {
					return "", analyzer.Diagnostic{
						Code: "build-tag", Severity: analyzer.Error, Message: fmt.Sprintf("%q is not a build tag", tag),
						Hint: "a build tag is letters, digits, underscores and dots; !" + norpc + " turns that tag off",
					}
				}
				if remove {
					removed = append(removed, name)
				} else if tag != "auto" {
					tags = append(tags, tag)
				}
			}
		}
	}
	slices.Sort(tags)
	tags = slices.DeleteFunc(slices.Compact(tags), func(tag string) bool { return slices.Contains(removed, tag) })
	return strings.Join(tags, ","), nil
}

// reportedSettings returns the effective settings of a task, sorted by name.
func (b *builder) reportedSettings(t *task) []packager.Setting {
	s := t.settings
	out := []packager.Setting{
		{Name: "buildvcs", Value: "false"},
		{Name: "cgo", Value: fmt.Sprint(s.cgo)},
		{Name: "go", Value: b.tools.Version},
		{Name: "goarch", Value: s.goarch},
		{Name: "ldflags", Value: strings.Join(append([]string{"-s", "-w"}, t.linkerNames...), " ")},
		{Name: "mod", Value: b.modMode(t)},
		{Name: "tags", Value: s.tags},
		{Name: "trimpath", Value: "true"},
	}
	if s.flags != "" {
		out = append(out, packager.Setting{Name: "goflags", Value: b.tools.Clean(s.flags)})
	}
	if s.gowork != "off" {
		out = append(out, packager.Setting{Name: "gowork", Value: b.relative(s.gowork)})
	}
	for name, value := range b.tools.Shown {
		if name == "GOAMD64" && s.goarch != "amd64" || name == "GOARM64" && s.goarch != "arm64" {
			continue
		}
		out = append(out, packager.Setting{Name: strings.ToLower(name), Value: value})
	}
	slices.SortFunc(out, func(a, b packager.Setting) int { return cmp.Compare(a.Name, b.Name) })
	return out
}
