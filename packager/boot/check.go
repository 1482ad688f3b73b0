package boot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/featherpack/featherpack/analyzer"
)

// Defaults of Options.
// Source: docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (init phase)
const (
	initLimit       = 10 * time.Second
	invocationLimit = 30 * time.Second
	maxRuns         = 1000
)

// Check starts the artifact of a function, and says what came of it. It may be
// called many times at once. Nothing it starts outlives it where processes can
// be contained.
func Check(ctx context.Context, zipPath string, f analyzer.Function, o Options) Result {
	work, err := os.MkdirTemp("", "featherpack-boot-")
	if err != nil {
		return Result{Status: NotRun, Reason: "there is no place to unpack to: " + analyzer.WithoutPath(err).Error()}
	}
	defer os.RemoveAll(work)
	c := check{f: f, o: o, work: work, task: filepath.Join(work, "task")}
	r := c.run(ctx, zipPath)
	c.clean(&r)
	return r
}

// check is one call of Check.
type check struct {
	f       analyzer.Function
	o       Options
	work    string
	task    string
	program program
	logs    tail
	// loose says that the machine contains nothing, and that this is allowed.
	loose bool
}

func (c *check) run(ctx context.Context, zipPath string) Result {
	r, ready := c.prepare(ctx, zipPath)
	if !ready {
		return r
	}
	opened := watchOpenings(c.task)
	r = c.runs(ctx, r)
	r.Measured.FilesOpened = opened.stop()
	return r
}

// prepare unpacks the artifact and chooses what starts it; ready is false where
// the result says why it cannot be started.
func (c *check) prepare(ctx context.Context, zipPath string) (r Result, ready bool) {
	for _, dir := range []string{c.task, filepath.Join(c.work, "runtime")} {
		// Past the umask: another user has to get in.
		if err := errors.Join(os.Mkdir(dir, 0o755), os.Chmod(dir, 0o755)); err != nil {
			return Result{Status: NotRun, Reason: "there is no place to unpack to: " + analyzer.WithoutPath(err).Error()}, false
		}
	}
	if err := unpack(zipPath, c.task); err != nil {
		return Result{Status: Failed, Reason: "the artifact " + err.Error()}, false
	}
	if err := writeClient(filepath.Join(c.work, "runtime")); err != nil {
		return Result{Status: NotRun, Reason: "there is no place for the runtime client: " + analyzer.WithoutPath(err).Error()}, false
	}
	if c.o.Event != nil && !json.Valid(c.o.Event) {
		return Result{Status: NotRun, Reason: "the event is not JSON"}, false
	}
	var err error
	if c.program, err = choose(ctx, c.task, c.f, c.o); err != nil {
		return c.broken(ctx, r, err), false
	}
	if n := c.program.node; n != nil {
		r.Node = n.version
		r.StoodIn = n.stoodIn || architecture(c.f) != hostArchitecture()
	}
	return r, true
}

// runs starts the fresh processes one after another; the first gets the event.
func (c *check) runs(ctx context.Context, r Result) Result {
	for n := range min(max(c.o.Runs, 1), maxRuns) {
		event := c.o.Event
		if n > 0 {
			event = nil
		}
		one, started := c.fresh(ctx, &r, event)
		if !started {
			return one
		}
		if one.Status == Failed || one.Status == NotRun || n == 0 {
			r.Status, r.Reason, r.Error = one.Status, one.Reason, one.Error
			if n == 0 {
				r.Answer, r.AnswerEncoding = one.Answer, one.AnswerEncoding
			} else {
				r.Reason = fmt.Sprintf("in fresh process %d, it %s", n+1, r.Reason)
			}
		}
		r.Measured.LoadMillis = append(r.Measured.LoadMillis, one.Measured.LoadMillis...)
		r.Measured.CPUMillis = append(r.Measured.CPUMillis, one.Measured.CPUMillis...)
		r.Measured.PeakMemoryBytes = max(r.Measured.PeakMemoryBytes, one.Measured.PeakMemoryBytes)
		if one.Status == Failed || one.Status == NotRun {
			break
		}
	}
	return r
}

// fresh starts one process and follows it. What holds for all processes of the
// check goes into r; where none can be started, the result is the check's own.
func (c *check) fresh(ctx context.Context, r *Result, event []byte) (one Result, started bool) {
	s, placeholders, err := c.spec(!c.loose)
	if err != nil {
		return Result{Status: NotRun, Reason: err.Error()}, false
	}
	r.Placeholders = placeholders
	p, err := start(s)
	if !c.loose && errors.Is(err, errContainment) {
		if !c.o.AllowUncontained {
			r.Status, r.Reason = NotRun, err.Error()
			return *r, false
		}
		c.loose = true
		s, r.Placeholders, _ = c.spec(false)
		p, err = start(s)
	}
	if err != nil {
		return c.broken(ctx, *r, err), false
	}
	r.Uncontained = c.uncontained(p)
	return c.attend(ctx, p, event), true
}

// spec is the process to start: in Lambda's own places, or in this machine's.
func (c *check) spec(contained bool) (spec, []string, error) {
	s := spec{
		contained: contained, work: c.work, task: c.task, emulator: c.program.emulator,
		places: lambdaPlaces, output: &c.logs,
		memory: int64(memoryMB(c.f))<<20 + memorySlack,
	}
	if c.program.node != nil {
		s.node, s.client = c.program.node.path, filepath.Join(c.work, "runtime")
	}
	if !contained {
		s.places = places{task: c.task, runtime: filepath.Join(c.work, "runtime"), node: s.node, emulator: s.emulator, tmp: filepath.Join(c.work, "tmp")}
		// Another user has to get in, and to write there.
		err := errors.Join(os.Chmod(c.work, 0o711), os.MkdirAll(s.places.tmp, 0o700), os.Chmod(s.places.tmp, 0o777|os.ModeSticky))
		if err != nil {
			return s, nil, fmt.Errorf("there is no place for /tmp: %s", analyzer.WithoutPath(err))
		}
	}
	var placeholders []string
	s.env, placeholders = environment(c.f, s.places)
	s.args = c.program.argv(s.places)
	return s, placeholders, nil
}

// uncontained adds to what the process reaches the packages that a task folder
// below this machine's temporary folder could resolve in the folders above it.
func (c *check) uncontained(p *process) []string {
	names := p.uncontained
	if len(names) == 0 {
		return nil
	}
	for dir := filepath.Dir(c.work); ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "node_modules")); err == nil {
			names = append(names, "packages above the task folder")
			break
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	return slices.Sorted(slices.Values(names))
}

// attend follows one process until it is ready, and through its invocation when
// there is an event, and ends it.
func (c *check) attend(ctx context.Context, p *process, event []byte) (r Result) {
	defer p.stop()
	loading, invoking := c.limits()
	api := newRuntimeAPI(event, functionARN(c.f), invoking, func() (load, cpu time.Duration) {
		load, cpu = p.sinceExec(), p.cpu()
		p.peak() // looks now: what fails later may be gone before it is looked at
		return load, cpu
	})
	defer api.serve(p.listener)()
	defer func() {
		if said := api.result(); said.load > 0 {
			r.Measured.LoadMillis = []float64{millis(said.load)}
			if said.cpu > 0 {
				r.Measured.CPUMillis = []float64{millis(said.cpu)}
			}
		}
		r.Measured.PeakMemoryBytes = p.peak()
	}()

	timer := time.NewTimer(loading)
	defer timer.Stop()
	ready := api.ready
	for {
		select {
		case <-ready:
			if event == nil {
				r.Status = Loads
				return r
			}
			ready = nil
			timer.Reset(invoking)
		case <-api.ended:
			return c.judge(r, api.result())
		case clause := <-p.exited:
			return c.ended(r, api, clause)
		case clause := <-p.over:
			r.Status, r.Reason = Failed, clause
			r.Error = &Failure{Type: "Runtime.ExitError", Message: "the process " + clause}
			return r
		case <-timer.C:
			r.Status = Failed
			if ready != nil {
				r.Reason = fmt.Sprintf("was not ready after %s", loading)
			} else if api.result().answered {
				r.Reason = fmt.Sprintf("answered, and did not ask for the next event within %s", invoking)
			} else {
				r.Reason = fmt.Sprintf("did not answer within %s", invoking)
			}
			r.Error = &Failure{Type: "Sandbox.Timedout", Message: r.Reason}
			return r
		case <-ctx.Done():
			r.Status, r.Reason = NotRun, "the check was interrupted"
			return r
		}
	}
}

func (c *check) limits() (loading, invoking time.Duration) {
	loading, invoking = initLimit, invocationLimit
	if c.o.Timeout > 0 {
		loading, invoking = c.o.Timeout, c.o.Timeout
	}
	if s := c.f.TimeoutSeconds; s > 0 && time.Duration(s)*time.Second < invoking {
		invoking = time.Duration(s) * time.Second
	}
	return loading, invoking
}

// ended judges a process that is gone. One that reported an error first is
// judged by that; whatever else it said, Lambda calls this an exit error.
func (c *check) ended(r Result, api *runtimeAPI, clause string) Result {
	// What it posted last may still be on its way through the server.
	select {
	case <-api.ended:
	case <-time.After(50 * time.Millisecond):
	}
	if said := api.result(); said.err != nil || said.misuse != "" {
		return c.judge(r, said)
	}
	r.Status = Failed
	select {
	case <-api.ready:
		r.Reason = clause + " before it answered"
		if api.result().answered {
			r.Reason = clause + " after it answered, without asking for the next event"
		}
	default:
		r.Reason = clause + " before it was ready"
	}
	r.Error = &Failure{Type: "Runtime.ExitError", Message: "the process " + clause}
	return r
}

// judge turns what the process said through the Runtime API into a result.
func (c *check) judge(r Result, said outcome) Result {
	switch {
	case said.misuse != "":
		r.Status, r.Reason = Failed, said.misuse
	case said.err != nil:
		r.Status, r.Error = Failed, said.err
		r.Reason = "failed while loading"
		if said.load > 0 {
			r.Reason = "answered its event with an error"
		}
		if name := c.provided(said.err); name != "" {
			r.Status = NotRun
			r.Reason = fmt.Sprintf("needs %s, which a layer or the runtime provides and this machine does not", name)
		}
	default:
		r.Status = Answers
		r.Answer, r.AnswerEncoding = encodeAnswer(said.answer)
	}
	return r
}

// provided names the package that an error misses, when the function's settings
// say that it is not the artifact that brings it.
func (c *check) provided(e *Failure) string {
	found := missingModule.FindStringSubmatch(e.Message)
	if found == nil {
		return ""
	}
	name := found[1]
	if c.f.Build.SDK == "runtime" && (strings.HasPrefix(name, "@aws-sdk/") || strings.HasPrefix(name, "@smithy/")) {
		return name
	}
	for _, external := range c.f.Build.External {
		stem, wild := strings.CutSuffix(external, "*")
		if name == external || strings.HasPrefix(name, external+"/") || wild && strings.HasPrefix(name, stem) {
			return name
		}
	}
	return ""
}

// broken is the result of a program that was not started.
func (c *check) broken(ctx context.Context, r Result, err error) Result {
	r.Status, r.Reason = NotRun, analyzer.WithoutPath(err).Error()
	if p := (*problem)(nil); errors.As(err, &p) {
		r.OtherMachine = p.otherMachine
		if p.failed {
			r.Status = Failed
			r.Error = &Failure{Type: "Runtime.InvalidEntrypoint", Message: p.reason}
		}
	}
	if ctx.Err() != nil {
		r.Status, r.Reason, r.Error = NotRun, "the check was interrupted", nil
	}
	return r
}

// clean takes this machine's paths and the function's variables out of the texts.
func (c *check) clean(r *Result) {
	paths := map[string]string{
		c.task:                           lambdaPlaces.task,
		filepath.Join(c.work, "runtime"): lambdaPlaces.runtime,
		filepath.Join(c.work, "tmp"):     "/tmp",
		c.work:                           "",
	}
	if real, err := filepath.EvalSymlinks(c.work); err == nil && real != c.work {
		paths[filepath.Join(real, "task")] = lambdaPlaces.task
		paths[filepath.Join(real, "runtime")] = lambdaPlaces.runtime
		paths[filepath.Join(real, "tmp")] = "/tmp"
		paths[real] = ""
	}
	if n := c.program.node; n != nil {
		paths[n.path] = lambdaPlaces.node
	}
	replace := redactor(c.f.Environment, paths).Replace
	r.Logs = replace(c.logs.String())
	r.Reason = replace(r.Reason)
	if r.Error != nil {
		r.Error.Message = replace(r.Error.Message)
		for i, line := range r.Error.Stack {
			r.Error.Stack[i] = replace(line)
		}
	}
}
