package boot

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/featherpack/featherpack/analyzer"
)

// Identity names what would run a function here: the system, the user's rights, and the
// program, whose content sum returns as a digest. Two runs of one artifact with equal
// identities, options and events are runs of the same thing. ok is false if that cannot be
// told without a start.
func Identity(ctx context.Context, f analyzer.Function, o Options, sum func(file string) (string, error)) (id string, ok bool) {
	id = fmt.Sprintf("%s/%s uid=%d runs=%d timeout=%s uncontained=%v", runtime.GOOS, runtime.GOARCH, os.Getuid(), o.Runs, o.Timeout, o.AllowUncontained)
	if nodeMajor(f.Runtime) == 0 {
		if f.RunsOn() == analyzer.HostArchitecture() {
			return id, true
		}
		emulator := emulatorFor(f.RunsOn())
		if emulator == "" {
			return "", false
		}
		digest, err := sum(emulator)
		return id + " emulator=" + digest, err == nil
	}
	id += " node=" + o.Node
	program := o.Node
	switch {
	case program == "" || program == "system" || program == "auto" || nodeVersion.MatchString(program):
		found, err := exec.LookPath("node")
		if err != nil {
			return id, program == "auto" || nodeVersion.MatchString(program)
		}
		program = found
	}
	file, err := filepath.EvalSymlinks(program)
	if err != nil {
		return "", false
	}
	if isScript(file) { // a version manager's, which starts one Node or another
		n, err := inspectNode(ctx, program)
		if err != nil {
			return "", false
		}
		file = n.path
	}
	digest, err := sum(file)
	return id + " " + digest, err == nil
}

func isScript(file string) bool {
	in, err := os.Open(file)
	if err != nil {
		return false
	}
	defer in.Close()
	start := make([]byte, 2)
	n, _ := in.Read(start)
	return bytes.Equal(start[:n], []byte("#!"))
}
