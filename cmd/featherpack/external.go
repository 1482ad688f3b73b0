package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/reporters"
)

// externalOut is the folder below the one that is built where answers to
// Terraform keep their zips, apart from those of a build by hand.
const externalOut = ".featherpack-terraform"

// external is `featherpack build --external`: a JSON object of texts on stdin,
// the same on stdout, whatever is wrong on stderr with a status other than 0.
// Terraform asks at every refresh and takes it that asking changes nothing, so
// what is unchanged is answered from what the last run left.
// Protocol: registry.terraform.io/providers/hashicorp/external/latest/docs/data-sources/external
//
// It is a flag of build, and no command of its own, because it is a build: all
// the flags, zips and exit statuses are the same, and only where the question
// comes from and how the answer looks differ.
func external(ctx context.Context, t *terminal, typed buildFlags, args []string, stdin io.Reader) int {
	typed.quiet = true
	t.quiet = true // warnings of a refresh are nobody's to read
	query, err := readQuery(stdin)
	if err != nil {
		return t.fail(err)
	}
	if args, err = query.lay(&typed, args); err != nil {
		return t.fail(err)
	}
	if typed.functions == "-" {
		return t.fail(analyzer.Usage("--external and --functions - both read stdin", "list the functions in a file"))
	}
	settings, err := typed.settings(t)
	if err != nil {
		return t.fail(err)
	}
	sinks, err := output.Parse(typed.formats, typed.json, true)
	if err != nil {
		return t.fail(err)
	}
	if slices.ContainsFunc(sinks, func(s output.Sink) bool { return s.File == "" }) {
		return t.fail(analyzer.Usage("--external answers on stdout, and so would a report", "write the report to a file: -o json=report.json"))
	}
	dir, err := operandDir(args)
	if err != nil {
		return t.fail(err)
	}
	out, err := outdir.Open(ctx, dir, typed.externalOut(dir))
	if err != nil {
		return t.fail(interruption(err))
	}
	defer out.Close()
	answer, err := answerExternal(ctx, t, typed, settings, dir, out, sinks)
	if err != nil {
		return t.fail(interruption(err))
	}
	if answer == nil {
		return exitFailed // what is wrong has been told
	}
	encoder := json.NewEncoder(t.stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(answer); err != nil {
		return t.fail(fmt.Errorf("writing the answer: %w", err))
	}
	return exitGood
}

// query is what Terraform asks: texts by name.
type query map[string]string

// maxQuery bounds the question, in bytes.
const maxQuery = 1 << 20

func readQuery(r io.Reader) (query, error) {
	if f, ok := r.(*os.File); ok && isTerminal(f) {
		return nil, analyzer.Usage("--external reads its question from stdin, which is a terminal", `pipe a JSON object in: echo '{"dir": "."}' | featherpack build --external`)
	}
	text, err := io.ReadAll(io.LimitReader(r, maxQuery+1))
	if err != nil {
		return nil, analyzer.Usage(fmt.Sprintf("cannot read the question on stdin: %v", analyzer.WithoutPath(err)), "")
	}
	if len(text) > maxQuery {
		return nil, analyzer.Usage("the question on stdin is larger than 1 MiB", "")
	}
	if strings.TrimSpace(string(text)) == "" {
		return query{}, nil
	}
	// Its texts may be secrets that were meant for another program: no message
	// quotes them.
	var q map[string]*string
	if err := json.Unmarshal(text, &q); err != nil {
		return nil, analyzer.Usage("the question on stdin is no JSON object of texts", `such as {"dir": ".", "only": "orders"}`)
	}
	known := query{}
	for name, value := range q {
		if value != nil {
			known[name] = *value
		}
	}
	return known, nil
}

// queryKeys are what a question may hold besides param.NAME: the flags of the
// same names, and dir for the folder.
var queryKeys = []string{"dir", "out", "only", "entry", "stage", "config", "compress", "sourcemap", "install", "boot"}

// lay puts the question over the flags as typed.
func (q query) lay(typed *buildFlags, args []string) ([]string, error) {
	for _, name := range slices.Sorted(maps.Keys(q)) {
		value := q[name]
		truth := func(to *bool) error {
			if *to = value == "true"; *to || value == "false" || value == "" {
				return nil
			}
			return analyzer.Usage(fmt.Sprintf("%s in the question is neither true nor false", name), "")
		}
		var err error
		switch name {
		case "dir":
			if len(args) > 0 {
				return nil, analyzer.Usage("the folder is given twice: as an argument and as dir in the question", "give it once")
			}
			args = []string{value}
		case "out":
			typed.out = value
		case "only":
			typed.only = append(typed.only, value)
		case "entry":
			typed.entry = append(typed.entry, value)
		case "stage":
			typed.stage = value
		case "config":
			typed.config = value
		case "compress":
			typed.compress = value
		case "sourcemap":
			typed.sourceMap = value
		case "install":
			err = truth(&typed.install)
		case "boot":
			err = truth(&typed.bootToo)
		default:
			param, ok := strings.CutPrefix(name, "param.")
			if !ok || param == "" {
				hint := "it may hold " + strings.Join(queryKeys, ", ") + " and param.NAME"
				if near := analyzer.Nearest(name, queryKeys); near != "" {
					hint = fmt.Sprintf("did you mean %q? %s", near, hint)
				}
				return nil, analyzer.Usage(fmt.Sprintf("the question holds %q, which is not known", name), hint)
			}
			typed.params = append(typed.params, param+"="+value)
		}
		if err != nil {
			return nil, err
		}
	}
	return args, nil
}

// externalOut is where the zips go: a folder of its own for every way of
// building, since one that another question or a build by hand writes to would
// hold other bytes by the time Terraform reads them. It is spelled as the
// question spells it and not made absolute: paths end up in Terraform's state,
// and must not differ from machine to machine.
func (b *buildFlags) externalOut(dir string) string {
	base := b.out
	if base == "" {
		base = filepath.Join(dir, externalOut)
	}
	return filepath.Join(base, b.way()[:8])
}

// way is a digest of the flags that bear on the zips.
func (b *buildFlags) way() string {
	params := slices.Sorted(slices.Values(b.params))
	all := []any{b.functions, b.stage, b.config, b.compress, b.sourceMap, b.only, b.entry, params, b.sourceMapPackages, b.allowOutside}
	if len(b.allowGoflags) > 0 {
		all = append(all, b.allowGoflags)
	}
	text, err := json.Marshal(all)
	if err != nil {
		panic(err) // texts and truths only
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// answerExternal gives the answer, from the record where nothing has changed.
// nil means that it failed and has said why.
func answerExternal(ctx context.Context, t *terminal, typed buildFlags, settings pipeline.Options, dir string, out *outdir.Dir, sinks []output.Sink) (map[string]string, error) {
	read := map[string]string{}
	settings.Discover.LookupEnv = func(name string) (string, bool) {
		value, ok := os.LookupEnv(name)
		read[name] = fmt.Sprint(ok, value)
		return value, ok
	}
	project := manifest.Discover(dir, settings.Discover)
	state, err := newFingerprint(ctx, typed, project, read)
	if err != nil {
		return nil, err
	}
	if answer := recorded(out, state); answer != nil && len(sinks) == 0 {
		return answer, nil
	}
	// From here on an old answer is never given again, however this run ends.
	if err := forget(out); err != nil {
		return nil, err
	}
	if settings.Prepare != nil {
		functions, err := pipeline.Choose(project, settings.Only)
		if err != nil {
			return nil, err
		}
		if err := settings.Prepare(ctx, project, functions); err != nil {
			return nil, err
		}
		settings.Prepare = nil
		if state, err = newFingerprint(ctx, typed, project, read); err != nil {
			return nil, err
		}
	}
	report, project, err := pipeline.Measure(ctx, dir, settings, out)
	if err != nil {
		return nil, err
	}
	all := allDiagnostics(report)
	if len(report.Functions) == 0 && analyzer.ExitStatus(all) == 0 {
		// An empty answer would have Terraform destroy what stands on it.
		all = append(all, analyzer.Diagnostic{Code: "all-skipped", Severity: analyzer.Error,
			Message: "there is nothing to build: every function is skipped", Hint: "featherpack discover says why"})
	}
	if len(report.Functions) > 0 {
		if err := out.Settle(report, true); err != nil {
			return nil, err
		}
	}
	t.tellAll(all)
	if err := t.write(sinks, report); err != nil {
		return nil, err
	}
	if analyzer.ExitStatus(all) != 0 {
		return nil, nil
	}
	answer := answerOf(report, out)
	after, err := newFingerprint(ctx, typed, project, read)
	if err != nil {
		return nil, err
	}
	if after == state && after.sound {
		if err := remember(out, after, report, answer); err != nil {
			return nil, err
		}
	}
	return answer, nil
}

// What Lambda takes where a manifest says nothing.
// Source: docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
const (
	defaultMemoryMB       = 128
	defaultTimeoutSeconds = 3
)

// answerOf is what Terraform gets: NAME.FUNCTION for each of the functions, and
// the bare names too where there is just one.
func answerOf(r reporters.Report, out *outdir.Dir) map[string]string {
	answer := map[string]string{}
	for _, f := range r.Functions {
		handler := f.Handler
		if f.Family == analyzer.Go {
			handler = "bootstrap"
		}
		for name, value := range map[string]string{
			"path": filepath.ToSlash(filepath.Join(out.Name, f.Artifact.Name)), "source_code_hash": f.Artifact.CodeSHA256,
			"handler": handler, "runtime": f.Runtime, "architecture": f.Architecture,
			"memory": strconv.Itoa(cmp.Or(f.MemoryMB, defaultMemoryMB)), "timeout": strconv.Itoa(cmp.Or(f.TimeoutSeconds, defaultTimeoutSeconds)),
		} {
			answer[name+"."+f.ID] = value
			if len(r.Functions) == 1 {
				answer[name] = value
			}
		}
	}
	return answer
}

// recordFile remembers the last answer and what it stands on.
const recordFile = "external.json"

// record is the content of recordFile.
type record struct {
	Fingerprint string            `json:"fingerprint"`
	Answer      map[string]string `json:"answer"`
	// Zips are the hex digests of the artifacts, by name.
	Zips map[string]string `json:"zips"`
}

// recorded is the last answer, nil where it does not hold any more: something
// changed, or a zip is not what was written.
func recorded(o *outdir.Dir, state fingerprint) map[string]string {
	text, err := os.ReadFile(filepath.Join(o.Path, recordFile))
	if err != nil || !state.sound {
		return nil
	}
	var r record
	if json.Unmarshal(text, &r) != nil || r.Fingerprint != state.sum || len(r.Zips) == 0 {
		return nil
	}
	for name, want := range r.Zips {
		if !filepath.IsLocal(filepath.FromSlash(name)) || digestOf(filepath.Join(o.Path, filepath.FromSlash(name))) != want {
			return nil
		}
	}
	return r.Answer
}

// digestOf is a file's SHA-256 in hex, "" where it cannot be read.
func digestOf(name string) string {
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}

func forget(o *outdir.Dir) error {
	if err := os.Remove(filepath.Join(o.Path, recordFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return o.Fault(err)
	}
	return nil
}

func remember(o *outdir.Dir, state fingerprint, r reporters.Report, answer map[string]string) error {
	zips := map[string]string{}
	for _, f := range r.Functions {
		zips[f.Artifact.Name] = f.Artifact.SHA256
	}
	return o.Write(recordFile, func(w io.Writer) error {
		return json.NewEncoder(w).Encode(record{state.sum, answer, zips})
	})
}
