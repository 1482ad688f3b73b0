package trial

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/analyzer/scratch"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/reuse"
	"github.com/featherpack/featherpack/reporters"
)

// Question identifies one function, its project, and how to build it.
type Question struct {
	Project  analyzer.Project
	Function analyzer.Function
	Options  pipeline.Options
	// Pairs is the number of pairs of starts in which the load of a changed artifact is
	// measured, 0 for none.
	Pairs int
	// Build builds f, which is Function with the changes of a trial, into a
	// temporary folder. The folder is removed when look returns. Build is a field
	// so that several questions can share one build of unchanged functions.
	Build func(ctx context.Context, f analyzer.Function, look func(reporters.Report, reporters.Function, *outdir.Dir) error) error
}

// ErrNoFunction means that the project has no function at all.
var ErrNoFunction = errors.New("there is no function here")

// About finds a function by its ID, or by its name if that is unique.
func About(p analyzer.Project, name string, o pipeline.Options) (Question, error) {
	found, err := analyzer.Lookup(slices.Values(p.Functions), name)
	if err != nil {
		return Question{}, err
	}
	if len(p.Functions) == 0 {
		return Question{}, ErrNoFunction
	}
	if found < 0 {
		hint := "featherpack discover lists the functions"
		if near := analyzer.NearestFunction(slices.Values(p.Functions), name); near != "" {
			hint = fmt.Sprintf("did you mean %q? %s", near, hint)
		}
		return Question{}, analyzer.Usage(fmt.Sprintf("there is no function %q", name), hint)
	}
	return about(p, found, o), nil
}

// AboutAll returns a question for every function of a project.
func AboutAll(p analyzer.Project, o pipeline.Options) ([]Question, error) {
	var questions []Question
	for i := range p.Functions {
		questions = append(questions, about(p, i, o))
	}
	if len(questions) == 0 {
		return nil, ErrNoFunction
	}
	return questions, nil
}

func about(p analyzer.Project, i int, o pipeline.Options) Question {
	q := Question{Project: p, Function: p.Functions[i], Options: o}
	q.Build = q.buildTemporary
	return q
}

// Diagnostics returns discovery's diagnostics about the function.
func (q Question) Diagnostics() []analyzer.Diagnostic {
	var own []analyzer.Diagnostic
	for _, d := range q.Project.Diagnostics {
		if d.Function == q.Function.ID {
			own = append(own, d)
		}
	}
	return own
}

// Source reads a file of the project, by its path relative to the root. It reads
// only regular files of at most limit bytes.
func (q Question) Source(name string, limit int64) ([]byte, error) {
	text, err := projectfs.New(q.Project.Root, projectfs.Allowances{}).Read(name, limit)
	if err != nil {
		return nil, fmt.Errorf("%s %w", name, err)
	}
	return text, nil
}

// Shared builds the functions of all questions in one build, then calls ask for each
// question until ctx is cancelled. Functions that a trial changes are built
// separately.
func Shared(ctx context.Context, questions []Question, ask func(Question)) error {
	if len(questions) == 0 {
		return nil
	}
	var functions []analyzer.Function
	for _, q := range questions {
		functions = append(functions, q.Function)
	}
	return questions[0].buildAll(ctx, functions, func(r reporters.Report, out *outdir.Dir) error {
		for _, q := range questions {
			q.Build = func(ctx context.Context, f analyzer.Function, look func(reporters.Report, reporters.Function, *outdir.Dir) error) error {
				if !reflect.DeepEqual(f, q.Function) {
					return q.buildTemporary(ctx, f, look)
				}
				return pick(r, q.Function.ID, out, look)
			}
			if ask(q); ctx.Err() != nil {
				return nil // ask has reported it
			}
		}
		return nil
	})
}

// buildTemporary is the default of [Question.Build]. If the function cannot be
// built, it returns the build's errors.
func (q Question) buildTemporary(ctx context.Context, f analyzer.Function, look func(reporters.Report, reporters.Function, *outdir.Dir) error) error {
	if !reflect.DeepEqual(f, q.Function) {
		q.Options = q.changed()
	}
	return q.buildAll(ctx, []analyzer.Function{f}, func(r reporters.Report, out *outdir.Dir) error {
		return pick(r, q.Function.ID, out, look)
	})
}

// changed are the options of a build with the changes of a trial.
func (q Question) changed() pipeline.Options {
	o := q.Options
	o.Trial = true
	if tell := o.Reasons; tell != nil {
		o.Reasons = func(id, why string) { tell("a trial of "+id, why) }
	}
	return o
}

// earlier opens what earlier runs have measured, nil if nothing is kept.
func (q Question) earlier(ctx context.Context) *reuse.Trials { return q.Options.Trials(ctx, q.Project) }

// unmeasured tells that an earlier run has measured something.
func (q Question) unmeasured(clause string) {
	if q.Options.Unmeasured != nil {
		q.Options.Unmeasured(q.Function.ID, clause)
	}
}

// BuildChanged is Build with other contents of the project's own modules, by their paths.
func (q Question) BuildChanged(ctx context.Context, modules map[string][]byte, look func(reporters.Report, reporters.Function, *outdir.Dir) error) error {
	q.Options = q.changed()
	q.Options.Instead, q.Options.Cache, q.Options.Remote = modules, "", nil
	return q.buildTemporary(ctx, q.Function, look)
}

// buildAll builds functions together into a temporary folder. The folder is removed
// when look returns.
func (q Question) buildAll(ctx context.Context, functions []analyzer.Function, look func(reporters.Report, *outdir.Dir) error) error {
	folder, err := scratch.New("", "trial")
	if err != nil {
		return fmt.Errorf("making a folder for the trial: %w", analyzer.WithoutPath(err))
	}
	defer folder.Close()
	out, err := outdir.OpenScratch(ctx, folder.Path)
	if err != nil {
		return err
	}
	defer out.Close()
	graph := &analyzer.Graph{}
	built, err := pipeline.Build(ctx, q.Project, functions, graph, q.Options, out)
	if err != nil {
		return err
	}
	return look(reporters.New(q.Project, built, graph, q.Options.Describe(), q.Options.Version), out)
}

// pick calls look with one function of a report. If the function has no artifact, it
// returns the function's errors.
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

// ForFamily returns the entry for a function's family of runtimes.
func ForFamily[T any](all map[analyzer.Family]T, f analyzer.Function) (T, error) {
	entry, ok := all[f.Family]
	if !ok {
		return entry, analyzer.Usage(fmt.Sprintf("the runtime %s is not supported yet", f.Runtime), "choose a Node or Go function")
	}
	return entry, nil
}
