package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/reporters"
)

// question is what commands that explain one function share: which project,
// which function, and how it is built.
type question struct {
	t        *terminal
	project  analyzer.Project
	function analyzer.Function
	id       string
	settings pipeline.Options
	// build builds the function, changed as a trial needs it, into a folder that
	// is gone when look returns. It is a field so that a runtime's answer, which
	// the table of runtimes holds, can build by that table.
	build func(ctx context.Context, f analyzer.Function, look func(reporters.Report, reporters.Function, *outdir.Dir) error) error
}

// discoverFlags are the flags by which a project is read.
func discoverFlags(set *pflag.FlagSet, typed *buildFlags) {
	set.StringVar(&typed.stage, "stage", "", "`STAGE`: stage for the manifest's variables")
	set.StringArrayVar(&typed.params, "param", nil, "`KEY=VALUE`: parameter of the manifest (repeatable)")
	set.StringVar(&typed.config, "config", "", "`FILE`: manifest or featherpack.yaml to use")
	set.StringArrayVar(&typed.entry, "entry", nil, "`FILE`: source file to build as a function, where no manifest lists it (repeatable)")
	goFlags(set, typed)
	typed.compress = "default"
}

// ask finds a function by its ID, or by its name where that is unique. Where the
// name is a folder's, folderGoes says where the command takes that.
func ask(t *terminal, dir, name, folderGoes string, settings pipeline.Options) (question, error) {
	q := question{t: t, project: manifest.Discover(dir, settings.Discover), settings: settings}
	var ids []string
	found := -1
	for i, f := range q.project.Functions {
		id := q.project.ID(f)
		ids = append(ids, id)
		if id == name || f.Name == name && found < 0 {
			found = i
		}
	}
	if info, err := os.Stat(name); found < 0 && err == nil && info.IsDir() {
		return q, analyzer.Usage(fmt.Sprintf("%q is a folder, and there is no function of that name", name), folderGoes)
	}
	if len(ids) == 0 {
		t.tellAll(q.project.Diagnostics)
		return q, analyzer.Usage("there is no function here", "name the folder that holds the manifest")
	}
	if found < 0 {
		hint := "featherpack discover lists the functions"
		if near := analyzer.Nearest(name, ids); near != "" {
			hint = fmt.Sprintf("did you mean %q? %s", near, hint)
		}
		return q, analyzer.Usage(fmt.Sprintf("there is no function %q", name), hint)
	}
	return q.about(found), nil
}

// about is the question about one of the project's functions.
func (q question) about(i int) question {
	q.function, q.id = q.project.Functions[i], q.project.ID(q.project.Functions[i])
	q.build = q.buildAway
	return q
}

// buildAway is [question.build]. A function that cannot be built is the error
// that says why.
func (q question) buildAway(ctx context.Context, f analyzer.Function, look func(reporters.Report, reporters.Function, *outdir.Dir) error) error {
	return q.buildAll(ctx, []analyzer.Function{f}, func(r reporters.Report, out *outdir.Dir) error {
		return pick(r, q.id, out, look)
	})
}

// buildAll builds functions at once into a folder that is gone when look returns.
func (q question) buildAll(ctx context.Context, functions []analyzer.Function, look func(reporters.Report, *outdir.Dir) error) error {
	scratch, err := os.MkdirTemp("", "featherpack-trial-")
	if err != nil {
		return fmt.Errorf("making a folder for the trial: %w", analyzer.WithoutPath(err))
	}
	defer os.RemoveAll(scratch)
	out, err := outdir.Open(ctx, q.project.Root, scratch)
	if err != nil {
		return err
	}
	defer out.Close()
	graph := &analyzer.Graph{}
	built, err := pipeline.Build(ctx, q.project, functions, graph, q.settings, out)
	if err != nil {
		return err
	}
	return look(reporters.New(q.project, built, graph, q.settings.Describe(), version()), out)
}

// pick looks at one function of a report, or gives the errors that say why there
// is no artifact of it.
func pick(r reporters.Report, id string, out *outdir.Dir, look func(reporters.Report, reporters.Function, *outdir.Dir) error) error {
	i := slices.IndexFunc(r.Functions, func(f reporters.Function) bool { return f.ID == id })
	if i < 0 {
		return analyzer.Usage(fmt.Sprintf("%s was not built", id), "")
	}
	if r.Functions[i].Artifact != nil {
		return look(r, r.Functions[i], out)
	}
	var problems []error
	for _, d := range r.Functions[i].Diagnostics {
		if d.Severity == analyzer.Error || d.Severity == analyzer.Refused {
			problems = append(problems, d)
		}
	}
	return errors.Join(problems...)
}

// failAll prints what errors hold and returns the highest exit status.
func (t *terminal) failAll(err error) int {
	if errors.Is(err, context.Canceled) {
		err = analyzer.Diagnostic{Severity: analyzer.Error, Message: "interrupted"}
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		status := exitFailed
		for _, one := range joined.Unwrap() {
			status = max(status, t.failAll(one))
		}
		return status
	}
	return t.fail(err)
}

// weight is a number of bytes, as they are and zipped.
type weight struct {
	Unzipped int64 `json:"unzipped"`
	Zipped   int64 `json:"zipped"`
}

func (w weight) minus(v weight) weight { return weight{w.Unzipped - v.Unzipped, w.Zipped - v.Zipped} }

func weightOf(f reporters.Function) weight {
	return weight{f.Artifact.UnzippedBytes, f.Artifact.ZipBytes}
}

// exactly prints a number of bytes with every digit: "71,200 B".
func exactly(bytes int64) string {
	s := strconv.FormatInt(bytes, 10)
	for at := len(s) - 3; at > 0 && s[at-1] != '-'; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s + " B"
}
