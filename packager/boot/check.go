package boot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/scratch"
	"github.com/featherpack/featherpack/packager/boot/sandbox"
)

// Defaults of Options.
// Source: docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (init phase)
const (
	initLimit       = 10 * time.Second
	invocationLimit = 30 * time.Second
	maxRuns         = 1000
	// sourceSlack is how much longer a source tree may load: its files are not bundled.
	sourceSlack = 3
)

// Check starts the artifact of a function and returns the result. It is safe for
// concurrent use. When processes are contained, all of them have ended when
// Check returns.
func Check(ctx context.Context, zipPath string, f analyzer.Function, o Options) Result {
	folder, err := scratch.New("", "boot")
	if err != nil {
		return Result{Status: NotRun, Reason: "cannot make a temporary folder to unpack to: " + analyzer.WithoutPath(err).Error()}
	}
	defer folder.Close()
	c := check{f: f, o: o, work: folder.Path, task: filepath.Join(folder.Path, "task")}
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
	// tree is started instead of an artifact, nil for an artifact.
	tree *Tree
	// watch observes what the process does, which journal then holds.
	watch   bool
	journal journal
	// uncontained is set when the machine cannot contain processes and the
	// options allow running without containment.
	uncontained bool
}

func (c *check) run(ctx context.Context, zipPath string) Result {
	r, ready := c.prepare(ctx, zipPath)
	if !ready {
		return r
	}
	if c.tree != nil {
		return c.runs(ctx, r)
	}
	opened := sandbox.WatchOpenings(c.task)
	r = c.runs(ctx, r)
	r.Measured.FilesOpened = opened.Stop()
	return r
}

// prepare unpacks the artifact and chooses the program that runs it. If the
// artifact cannot be started, ready is false and the result has the reason.
func (c *check) prepare(ctx context.Context, zipPath string) (r Result, ready bool) {
	for _, dir := range []string{c.task, filepath.Join(c.work, "runtime")} {
		// Chmod ignores the umask: another user must be able to read the folder.
		if err := errors.Join(os.Mkdir(dir, 0o755), os.Chmod(dir, 0o755)); err != nil {
			return Result{Status: NotRun, Reason: "cannot make a temporary folder to unpack to: " + analyzer.WithoutPath(err).Error()}, false
		}
	}
	if c.tree != nil {
		if c.task = c.tree.Dir; c.tree.Problem != "" {
			return Result{Status: NotRun, Reason: c.tree.Problem}, false
		}
	} else if err := unpack(zipPath, c.task); err != nil {
		return Result{Status: Failed, Reason: "the artifact " + err.Error()}, false
	}
	if err := writeClient(filepath.Join(c.work, "runtime")); err != nil {
		return Result{Status: NotRun, Reason: "cannot write the runtime client: " + analyzer.WithoutPath(err).Error()}, false
	}
	if c.o.Event != nil && !json.Valid(c.o.Event) {
		return Result{Status: NotRun, Reason: "the event is not JSON"}, false
	}
	var err error
	if c.program, err = choose(ctx, c.task, c.f, c.o); err != nil {
		return c.broken(ctx, r, err), false
	}
	c.program.requiresModules = c.tree != nil && c.tree.RequiresModules
	if n := c.program.node; n != nil {
		r.Node = n.version
		r.StoodIn = n.stoodIn || c.f.RunsOn() != analyzer.HostArchitecture()
	}
	return r, true
}

// runs starts the new processes one after another. Only the first gets the event.
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
			r.Status, r.Reason, r.Error, r.Loaded, r.WantsNetwork = one.Status, one.Reason, one.Error, one.Loaded, one.WantsNetwork
			if n == 0 {
				r.Answer, r.AnswerEncoding = one.Answer, one.AnswerEncoding
			} else {
				r.Reason = fmt.Sprintf("in fresh process %d, it %s", n+1, r.Reason)
			}
		}
		r.Measured.add(one.Measured)
		if one.Status == Failed || one.Status == NotRun {
			break
		}
	}
	return r
}

// fresh starts one new process and follows it. Facts about all processes of the
// check are set in r. If the process cannot be started, started is false and the
// returned result is the result of the whole check.
func (c *check) fresh(ctx context.Context, r *Result, event []byte) (one Result, started bool) {
	s, placeholders, err := c.spec(!c.uncontained)
	if err != nil {
		return Result{Status: NotRun, Reason: err.Error()}, false
	}
	r.Placeholders = placeholders
	if c.watch && c.journal.pipe == nil {
		if err := c.writeWatch(); err != nil {
			return Result{Status: NotRun, Reason: "cannot write the runtime client: " + analyzer.WithoutPath(err).Error()}, false
		}
		c.journal.open(filepath.Join(c.work, "runtime"))
	}
	p, err := sandbox.Start(s)
	if !c.uncontained && errors.Is(err, sandbox.ErrContainment) {
		if !c.o.AllowUncontained {
			r.Status, r.Reason = NotRun, err.Error()
			return *r, false
		}
		c.uncontained = true
		s, r.Placeholders, _ = c.spec(false)
		p, err = sandbox.Start(s)
	}
	if err != nil {
		return c.broken(ctx, *r, err), false
	}
	r.Uncontained = c.reachable(p)
	return c.attend(ctx, p, event), true
}

// writeWatch tells client/watch.cjs what to observe.
func (c *check) writeWatch() error {
	settings := map[string]any{"root": lambdaPlaces.task, "task": lambdaPlaces.task}
	if c.tree != nil {
		settings["root"], settings["production"] = c.tree.root(), c.tree.Production
	}
	text, err := json.Marshal(settings)
	if err != nil {
		return err
	}
	name := filepath.Join(c.work, "runtime", "watch.json")
	return errors.Join(os.WriteFile(name, text, 0o644), os.Chmod(name, 0o644))
}

// memorySlack is added to the function's memory setting: this machine's runtime
// and Lambda's take different amounts of memory themselves.
const memorySlack = 64 << 20

// spec describes the process to start. Its paths are Lambda's when it is
// contained, and this machine's when it is not.
func (c *check) spec(contained bool) (sandbox.Spec, []string, error) {
	at := lambdaPlaces
	runtime, emulator := filepath.Join(c.work, "runtime"), c.program.emulator
	mounts := []sandbox.Mount{{From: c.task, To: at.task}}
	if c.tree != nil {
		var err error
		if mounts, err = c.tree.mounts(c.work); err != nil {
			return sandbox.Spec{}, nil, fmt.Errorf("cannot show the source tree: %s", analyzer.WithoutPath(err))
		}
	}
	if n := c.program.node; n != nil {
		mounts = append(mounts, sandbox.Mount{From: runtime, To: at.runtime}, sandbox.Mount{From: n.path, To: at.node, Program: true})
	}
	if emulator != "" {
		mounts = append(mounts, sandbox.Mount{From: emulator, To: at.emulator})
	}
	s := sandbox.Spec{
		Contained: contained, Work: c.work, Mounts: mounts, Output: &c.logs,
		Memory: int64(limitMB(c.f))<<20 + memorySlack,
	}
	if !contained {
		at = places{task: c.task, runtime: runtime, emulator: emulator, tmp: filepath.Join(c.work, "tmp")}
		if n := c.program.node; n != nil {
			at.node = n.path
		}
		// Another user must be able to enter this folder and write to tmp.
		err := errors.Join(os.Chmod(c.work, 0o711), os.MkdirAll(at.tmp, 0o700), os.Chmod(at.tmp, 0o777|os.ModeSticky))
		if err != nil {
			return s, nil, fmt.Errorf("cannot make a folder for /tmp: %s", analyzer.WithoutPath(err))
		}
	}
	var placeholders []string
	s.Env, placeholders = environment(c.f, at)
	s.Args, s.Dir = c.program.argv(at, c.watch), at.task
	if c.tree != nil {
		// Unbundled, the same code holds more than it uses.
		s.Args, s.Memory = append(slices.Insert(s.Args, 1, c.tree.flags()...), c.tree.arguments(started(c.f))...), 2*s.Memory
	}
	return s, placeholders, nil
}

// reachable lists what the process could reach and could not on Lambda, sorted.
// An uncontained task folder is below this machine's temporary folder, so the
// function can also resolve packages in the folders above it.
func (c *check) reachable(p *sandbox.Process) []string {
	names := p.Uncontained
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

// attend follows one process until it is ready and, if there is an event, until
// it has answered. Then it ends the process.
func (c *check) attend(ctx context.Context, p *sandbox.Process, event []byte) (r Result) {
	loading, invoking := c.limits()
	api := newRuntimeAPI(event, functionARN(c.f), invoking, func() (load, cpu time.Duration) {
		load, cpu = p.SinceExec(), p.CPU()
		p.Peak() // sample now: a process that fails later may be gone before the last sample
		return load, cpu
	})
	defer api.serve(p.Listener)()
	defer p.Stop() // first, since a process that is waiting for an event would report that the server is gone
	over := false
	defer func() {
		if got := api.result(); got.load > 0 {
			r.Measured.LoadMillis = []float64{millis(got.load)}
			if got.cpu > 0 {
				r.Measured.CPUMillis = []float64{millis(got.cpu)}
			}
			if got.handler > 0 {
				r.Measured.HandlerMillis = []float64{millis(got.handler)}
			}
		}
		r.Measured.PeakMemoryBytes = p.Peak()
		r.Loaded = r.Status == Loads || r.Status == Answers || len(r.Measured.LoadMillis) > 0
		if r.Status == Failed && !over && wantsNetwork(r, p.Network) {
			r.WantsNetwork = true
			if !r.Loaded {
				r.Status, r.Reason = NotRun, "it needs the network while it loads, and a check has none"
			}
		}
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
		case clause := <-p.Exited:
			return c.ended(r, api, clause)
		case clause := <-p.Over:
			over = true
			r.Status, r.Reason = Failed, clause
			r.Error = &Failure{Type: "Runtime.ExitError", Message: "the process " + clause}
			return r
		case <-timer.C:
			r.Status = Failed
			if ready != nil {
				r.Reason = fmt.Sprintf("was not ready after %s", loading)
			} else if api.result().answered {
				r.Reason = fmt.Sprintf("answered, but did not request the next event within %s", invoking)
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

// wantsNetwork reports whether a process failed because it could not reach another
// machine. attempted says whether it tried to. An error of the runtime client, such
// as a missing module, has another cause.
func wantsNetwork(r Result, attempted func() bool) bool {
	if r.Error == nil || causes[r.Error.Type] {
		return false
	}
	return noNetwork.MatchString(r.Error.Type+" "+r.Error.Message) || attempted()
}

// causes are the types of errors that have nothing to do with the network.
var causes = map[string]bool{
	"Runtime.ImportModuleError": true, "Runtime.UserCodeSyntaxError": true, "Runtime.HandlerNotFound": true,
	"Runtime.MalformedHandlerName": true, "Runtime.MalformedStreamingHandler": true,
	"Runtime.CallbackHandlerDeprecated": true, "Runtime.InvalidEntrypoint": true, "Function.ResponseSizeTooLarge": true,
}

// noNetwork matches what Node and Go say about a machine that cannot be reached.
var noNetwork = regexp.MustCompile(`\b(EAI_AGAIN|ENOTFOUND|ENETUNREACH|EHOSTUNREACH|ECONNREFUSED|network is unreachable|no such host|dial (tcp|udp)\b)`)

func (c *check) limits() (loading, invoking time.Duration) {
	loading, invoking = initLimit, invocationLimit
	if c.o.Timeout > 0 {
		loading, invoking = c.o.Timeout, c.o.Timeout
	}
	if c.tree != nil {
		loading *= sourceSlack
	}
	if c.f.TimeoutSeconds == 0 && c.o.Timeout == 0 && leftToLambda[c.f.Format] {
		return loading, lambdaTimeout
	}
	if s := c.f.TimeoutSeconds; s > 0 && time.Duration(s)*time.Second < invoking {
		invoking = time.Duration(s) * time.Second
	}
	return loading, invoking
}

// lambdaTimeout is Lambda's default. The templates of these formats reach Lambda as
// they are; where no framework's manifest is known, nor is the timeout.
// Source: docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
const lambdaTimeout = 3 * time.Second

var leftToLambda = map[string]bool{"sam": true, "cloudformation": true, "terraform": true}

// ended judges a process that has exited. If the process reported an error before
// that, the error decides. Otherwise the result is Lambda's exit error.
func (c *check) ended(r Result, api *runtimeAPI, clause string) Result {
	// The server may still be handling the last request of the process.
	select {
	case <-api.ended:
	case <-time.After(50 * time.Millisecond):
	}
	if got := api.result(); got.err != nil || got.misuse != "" {
		return c.judge(r, got)
	}
	r.Status = Failed
	select {
	case <-api.ready:
		r.Reason = clause + " before it answered"
		if api.result().answered {
			r.Reason = clause + " after it answered, without requesting the next event"
		}
	default:
		r.Reason = clause + " before it was ready"
	}
	r.Error = &Failure{Type: "Runtime.ExitError", Message: "the process " + clause}
	return r
}

// judge turns the outcome of the Runtime API into a result.
func (c *check) judge(r Result, got outcome) Result {
	switch {
	case got.misuse != "":
		r.Status, r.Reason = Failed, got.misuse
	case got.err != nil:
		r.Status, r.Error = Failed, got.err
		r.Reason = "failed while loading"
		if got.load > 0 {
			r.Reason = "answered its event with an error"
		}
		if name := c.provided(got.err); name != "" {
			r.Status = NotRun
			r.Reason = fmt.Sprintf("needs %s, which a layer or the runtime provides on Lambda and this machine does not have", name)
		}
	default:
		r.Status = Answers
		r.Answer, r.AnswerEncoding = encodeAnswer(got.answer)
	}
	return r
}

// provided returns the name of the package that the error reports as missing, if
// the function's settings leave that package to a layer or the runtime. Otherwise
// it returns "".
func (c *check) provided(e *Failure) string {
	found := missingModule.FindStringSubmatch(e.Message)
	if found == nil {
		return ""
	}
	name := found[1]
	sdk := strings.HasPrefix(name, "@aws-sdk/") || strings.HasPrefix(name, "@smithy/")
	if sdk && c.f.Build.SDK != "bundle" || strings.HasPrefix(name, "/opt/") {
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

// broken returns the result for a program that could not be started.
func (c *check) broken(ctx context.Context, r Result, err error) Result {
	r.Status, r.Reason = NotRun, analyzer.WithoutPath(err).Error()
	var broken sandbox.NotStarted
	if errors.As(err, &broken) {
		err = failed("%s", broken.Error())
	}
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

// clean removes this machine's paths and the values of the function's variables
// from the texts of a result.
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
