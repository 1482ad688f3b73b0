package boot

import (
	"bytes"
	"context"
	"debug/elf"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

//go:embed client/index.mjs client/loader.mjs client/watch.cjs client/compile.cjs
var client embed.FS

// program is the program that Lambda would start for a function, as this machine
// starts it.
type program struct {
	node *nodeBinary // nil for a bootstrap
	// emulator is the path of the qemu for a bootstrap of another architecture,
	// "" for none.
	emulator string
	memoryMB int
	runtime  string
	options  string // the function's NODE_OPTIONS
	// requiresModules lets code require ES modules where Lambda's flags forbid it.
	requiresModules bool
}

// problem is the reason why a program is not started.
type problem struct {
	// failed is set if Lambda would not start it either. Otherwise only this
	// machine cannot.
	failed bool
	// otherMachine is set if a machine of another architecture could start it.
	otherMachine bool
	reason       string
}

func (p *problem) Error() string { return p.reason }

func notRun(format string, args ...any) error {
	return &problem{reason: fmt.Sprintf(format, args...)}
}

func elsewhere(format string, args ...any) error {
	return &problem{otherMachine: true, reason: fmt.Sprintf(format, args...)}
}

func failed(format string, args ...any) error {
	return &problem{failed: true, reason: fmt.Sprintf(format, args...)}
}

// choose returns the program for a function whose artifact is unpacked in dir.
func choose(ctx context.Context, dir string, f analyzer.Function, o Options) (program, error) {
	p := program{memoryMB: limitMB(f), runtime: f.Runtime, options: f.Environment["NODE_OPTIONS"]}
	if wrapper := f.Environment["AWS_LAMBDA_EXEC_WRAPPER"]; wrapper != "" {
		return p, notRun("AWS_LAMBDA_EXEC_WRAPPER starts the runtime through %s, which a layer provides", cut(wrapper, 200))
	}
	switch {
	case nodeMajor(f.Runtime) > 0:
		if strings.Contains(p.options, "/opt/") {
			return p, notRun("NODE_OPTIONS loads files below /opt, which a layer provides")
		}
		if want := f.RunsOn(); want != analyzer.HostArchitecture() && !o.OtherArchitecture {
			return p, elsewhere("the function runs on %s, but this machine is %s", want, analyzer.HostArchitecture())
		} else if want != analyzer.HostArchitecture() {
			if native, err := nativeFile(dir); err != nil || native != "" {
				return p, elsewhere("the function runs on %s, this machine is %s, and %s is native code", want, analyzer.HostArchitecture(), native)
			}
		}
		node, err := findNode(ctx, f, o)
		if err != nil {
			return p, err
		}
		p.node = node
		return p, nil
	case f.Family == analyzer.Go || strings.HasPrefix(f.Runtime, "provided"):
		emulator, err := judgeBootstrap(filepath.Join(dir, "bootstrap"), f)
		p.emulator = emulator
		return p, err
	}
	return p, notRun("%q is not a runtime that this check can start", cut(f.Runtime, 60))
}

// judgeBootstrap checks whether Lambda could start the bootstrap. It returns the
// emulator that this machine needs for it, "" for none.
// Source: docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
func judgeBootstrap(file string, f analyzer.Function) (emulator string, err error) {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) && len(f.Layers) > 0 {
		return "", notRun("the artifact has no bootstrap; a layer may provide it")
	} else if err != nil || !info.Mode().IsRegular() {
		return "", failed("the artifact has no file named bootstrap at its root")
	}
	if info.Mode().Perm()&0o111 == 0 {
		return "", failed("bootstrap is not executable")
	}
	in, err := os.Open(file)
	if err != nil {
		return "", failed("bootstrap cannot be read: %s", analyzer.WithoutPath(err))
	}
	defer in.Close()
	start := make([]byte, 4)
	io.ReadFull(in, start)
	if bytes.HasPrefix(start, []byte("#!")) {
		if runtime.GOOS != "linux" {
			return "", notRun("bootstrap is a script for Linux, but this machine is %s", runtime.GOOS)
		}
		if f.RunsOn() != analyzer.HostArchitecture() {
			return "", elsewhere("the function runs on %s, but this machine is %s", f.RunsOn(), analyzer.HostArchitecture())
		}
		return "", nil
	}
	e, err := elf.NewFile(in)
	if err != nil {
		return "", failed("bootstrap is neither a Linux executable nor a script")
	}
	built := map[elf.Machine]string{elf.EM_X86_64: "x86_64", elf.EM_AARCH64: "arm64"}[e.Machine]
	if built != f.RunsOn() {
		return "", failed("bootstrap is built for %s, but the function runs on %s", strings.TrimPrefix(e.Machine.String(), "EM_"), f.RunsOn())
	}
	if runtime.GOOS != "linux" {
		return "", notRun("bootstrap is a Linux executable, but this machine is %s", runtime.GOOS)
	}
	if built == analyzer.HostArchitecture() {
		return "", nil
	}
	if emulator := emulatorFor(built); emulator != "" {
		return emulator, nil
	}
	return "", elsewhere("bootstrap is built for %s, but this machine is %s and has no qemu-%s-static", built, analyzer.HostArchitecture(), machines[built])
}

// machines are qemu's names of Lambda's architectures.
var machines = map[string]string{"x86_64": "x86_64", "arm64": "aarch64"}

// emulatorFor is the qemu on this machine for programs of an architecture, "" for none.
func emulatorFor(architecture string) string {
	for _, name := range []string{"qemu-" + machines[architecture] + "-static", "qemu-" + machines[architecture]} {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	return ""
}

// nativeFile returns the name of a file of native code (ELF) in the artifact, ""
// if there is none.
func nativeFile(dir string) (found string, err error) {
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		in, err := os.Open(name)
		if err != nil {
			return err
		}
		defer in.Close()
		start := make([]byte, 4)
		if n, _ := io.ReadFull(in, start); n == 4 && string(start) == elf.ELFMAG {
			rel, _ := filepath.Rel(dir, name)
			found = filepath.ToSlash(rel)
			return fs.SkipAll
		}
		return nil
	})
	return found, err
}

// argv returns the command line that the bootstrap of Lambda's runtime uses.
// watched loads client/watch.cjs first.
func (p program) argv(at places, watched bool) []string {
	if p.node == nil {
		bootstrap := filepath.Join(at.task, "bootstrap")
		if p.emulator != "" {
			return []string{at.emulator, bootstrap}
		}
		return []string{bootstrap}
	}
	args := append([]string{at.node}, p.flags()...)
	if watched {
		args = append(args, "--require", filepath.Join(at.runtime, "watch.cjs"))
	}
	return append(args, filepath.Join(at.runtime, "index.mjs"))
}

// flags returns the flags that Lambda passes to Node. The sizes follow from the
// memory setting: a tenth is the new space, half of that is a semi-space, and the
// rest is the old space. The two features are off unless NODE_OPTIONS turns them
// on. A stand-in Node gets only the flags that it accepts.
//
// Source: docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html, and the file
// /var/runtime/bootstrap of AWS's nodejs base images.
func (p program) flags() []string {
	young := p.memoryMB / 10
	flags := []string{
		"--max-http-header-size=81920",
		fmt.Sprintf("--max-semi-space-size=%d", max(young/2, 1)),
		fmt.Sprintf("--max-old-space-size=%d", p.memoryMB-young),
	}
	off := map[int][]string{20: {"require-module"}, 22: {"require-module", "detect-module"}}
	for _, feature := range off[nodeMajor(p.runtime)] {
		flag := "--no-experimental-" + feature
		turnedOn := strings.Contains(" "+p.options+" ", " --experimental-"+feature+" ")
		if p.node.accepts[flag] && !turnedOn && !(p.requiresModules && feature == "require-module") {
			flags = append(flags, flag)
		}
	}
	return flags
}

// writeClient writes the runtime client to dir.
func writeClient(dir string) error {
	for _, name := range []string{"index.mjs", "loader.mjs", "watch.cjs"} {
		text, err := client.ReadFile("client/" + name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
		// The umask applies to WriteFile, and another user must be able to read the file.
		if err := os.Chmod(filepath.Join(dir, name), 0o644); err != nil {
			return err
		}
	}
	return nil
}
