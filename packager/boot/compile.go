package boot

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/scratch"
	"github.com/featherpack/featherpack/packager/boot/sandbox"
)

// Program is a CommonJS program whose compiled code is wanted.
type Program struct {
	// Dir is an absolute folder that holds the artifact's files.
	Dir string
	// File is the handler's file and Text the file of its wrapped program, both
	// slash-separated and relative to Dir.
	File, Text string
	// Encoding is Node's name of the program's encoding, latin1 or utf8.
	Encoding string
	// Imports is set if the program is a function that takes an import() and returns the
	// wrapped program.
	Imports bool
	// Load runs the program once, so that the functions that it calls while it loads are
	// compiled too. Only a contained process runs it.
	Load bool
	// Least, if it is not 0, leaves out functions with fewer characters. The program runs
	// too, to see which functions it calls.
	Least int
}

// Compiler is the Node whose compiled code a function of a runtime can use.
type Compiler struct {
	// Version and Arch are Node's names, such as "v22.23.3" and "x64".
	Version, Arch string
	node          *nodeBinary
	// emulator runs a Node of another architecture, with the shared libraries below the
	// folder libraries. Both are "" for the machine's own architecture.
	emulator, libraries string
}

// Path is where the Node is on this machine.
func (c Compiler) Path() string { return c.node.path }

// Command is the command line that starts the Node on this machine.
func (c Compiler) Command() []string {
	if c.emulator == "" {
		return []string{c.node.path}
	}
	return []string{c.emulator, "-L", c.libraries, c.node.path}
}

// FindCompiler returns a Node of a function's runtime: of the version, or the newest known
// one if that is "". It downloads that if the machine's Node is another one, since compiled
// code fits one version only.
func FindCompiler(ctx context.Context, f analyzer.Function, version string, o Options) (Compiler, error) {
	major, arch := nodeMajor(f.Runtime), npmArchitecture(f.RunsOn())
	r, ok := findRelease(major, arch, version)
	switch known := KnownNodes(f.Runtime, f.RunsOn()); {
	case ok:
	case len(known) == 0:
		return Compiler{}, fmt.Errorf("no Node %d for %s is known", major, f.RunsOn())
	default:
		return Compiler{}, fmt.Errorf("no Node %s for %s is known, but %s", version, f.RunsOn(), strings.Join(known, ", "))
	}
	c := Compiler{Version: "v" + r.version, Arch: arch}
	if f.RunsOn() == analyzer.HostArchitecture() {
		o.Node = "system"
		if node, err := findNode(ctx, f, o); err == nil && node.version == r.version {
			c.node = node
			return c, nil
		}
	} else if err := c.emulate(f.RunsOn()); err != nil {
		return c, err
	}
	file, err := fetchNode(ctx, major, arch, r.version, o.CacheDir)
	if err != nil {
		return c, fmt.Errorf("downloading Node %s failed: %w", r.version, err)
	}
	c.node = &nodeBinary{path: file, version: r.version}
	return c, nil
}

// emulate finds what runs a Node of another architecture.
func (c *Compiler) emulate(architecture string) (err error) {
	machine, packages := "aarch64", "qemu-user-static, libc6-arm64-cross and libstdc++6-arm64-cross"
	if architecture == "x86_64" {
		machine, packages = "x86_64", "qemu-user-static, libc6-amd64-cross and libstdc++6-amd64-cross"
	}
	c.libraries = "/usr/" + machine + "-linux-gnu"
	_, noLibraries := os.Stat(filepath.Join(c.libraries, "lib", "libstdc++.so.6"))
	if c.emulator, err = exec.LookPath("qemu-" + machine + "-static"); err != nil || noLibraries != nil {
		return fmt.Errorf("the function runs on %s and this machine is %s, which can run its Node with Debian's packages %s",
			architecture, analyzer.HostArchitecture(), packages)
	}
	return nil
}

// ErrContainment means that a program was not run, since this machine cannot contain it.
var ErrContainment = sandbox.ErrContainment

// compileFlags make the compiled code the same in every run: V8 seeds its hash tables by
// chance, compiles with its second compiler in the background, marks functions that it
// optimises there, and drops code that has not run for a while.
var compileFlags = []string{
	"--hash-seed=1", "--random-seed=1", "--no-sparkplug", "--no-concurrent-recompilation", "--no-flush-bytecode",
}

// compileMemory is what Node may use beyond the function's memory setting, in bytes.
const compileMemory = 1 << 30

// compileLimit is far longer than a program may load on Lambda: how busy this machine is
// must not decide what is compiled.
const compileLimit = 3 * time.Minute

// ErrCompileLate means that a program was not compiled in time.
var ErrCompileLate = errors.New("it was not ready after")

// Compile returns V8's compiled code of a program.
func (c Compiler) Compile(ctx context.Context, f analyzer.Function, p Program) ([]byte, error) {
	folder, err := scratch.New("", "boot")
	if err != nil {
		return nil, analyzer.WithoutPath(err)
	}
	defer folder.Close()
	code, err := c.compile(ctx, folder.Path, f, p, true)
	if errors.Is(err, ErrContainment) && !p.Load {
		return c.compile(ctx, folder.Path, f, p, false) // nothing of the program runs
	}
	return code, err
}

func (c Compiler) compile(ctx context.Context, work string, f analyzer.Function, p Program, contained bool) ([]byte, error) {
	at := lambdaPlaces
	if !contained {
		at = places{task: p.Dir, runtime: filepath.Join(work, "readable"), node: c.node.path, emulator: c.emulator, tmp: work}
	}
	mounts := []sandbox.Mount{
		{From: p.Dir, To: at.task}, {From: filepath.Join(work, "readable"), To: at.runtime},
		{From: c.node.path, To: at.node, Program: c.emulator == ""},
	}
	var args []string
	if c.emulator != "" {
		args = []string{at.emulator, "-L", c.libraries}
		mounts = append(mounts, sandbox.Mount{From: c.emulator, To: at.emulator}, sandbox.Mount{From: c.libraries, To: c.libraries})
	}
	args = append(append(append(args, at.node), compileFlags...), filepath.Join(at.runtime, "compile.cjs"))
	mark := "compiled " + rand.Text() + " "
	script, err := client.ReadFile("client/compile.cjs")
	if err != nil {
		return nil, err
	}
	request, err := json.Marshal(map[string]any{
		"file": path.Join(lambdaPlaces.task, p.File), "program": path.Join(filepath.ToSlash(at.task), p.Text),
		"encoding": p.Encoding, "imports": p.Imports, "load": p.Load, "least": p.Least, "mark": mark,
	})
	if err != nil {
		return nil, err
	}
	if err := writeReadable(work, map[string][]byte{"compile.cjs": script, "request.json": request}); err != nil {
		return nil, analyzer.WithoutPath(err)
	}
	f.Environment = maps.Clone(f.Environment)
	delete(f.Environment, "NODE_OPTIONS")
	env, _ := environment(f, at)
	var printed printed
	process, err := sandbox.Start(sandbox.Spec{
		Contained: contained, Work: work, Memory: int64(memoryMB(f))<<20 + compileMemory, Output: &printed, Dir: at.task,
		Args: args, Env: env, Mounts: mounts,
	})
	if err != nil {
		return nil, err
	}
	defer process.Stop()
	timer := time.NewTimer(compileLimit)
	defer timer.Stop()
	select {
	case clause := <-process.Exited:
		process.Stop() // waits for the output
		_, code, found := bytes.Cut(printed.bytes.Bytes(), []byte(mark))
		if code, _, ended := bytes.Cut(code, []byte(mark)); found && ended {
			return base64.StdEncoding.AppendDecode(nil, code)
		}
		return nil, fmt.Errorf("it %s", clause)
	case clause := <-process.Over:
		return nil, fmt.Errorf("it %s", clause)
	case <-timer.C:
		return nil, fmt.Errorf("%w %s", ErrCompileLate, compileLimit)
	case <-ctx.Done():
		return nil, errors.New("the build was interrupted")
	}
}
