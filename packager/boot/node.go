package boot

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/featherpack/featherpack/analyzer"
)

// nodeBinary is a Node executable and its properties.
type nodeBinary struct {
	path    string
	version string // "22.23.3"
	stoodIn bool   // its major version is not the runtime's
	// accepts holds those of Lambda's optional flags that it accepts.
	accepts map[string]bool
}

// nodeMajor returns 22 for "nodejs22.x", and 0 for a runtime other than Node.
func nodeMajor(runtime string) int {
	rest, ok := strings.CutPrefix(runtime, "nodejs")
	if !ok {
		return 0
	}
	major, _, _ := strings.Cut(rest, ".")
	n, err := strconv.Atoi(major)
	if err != nil || n < 1 || n > 999 {
		return 0
	}
	return n
}

// nodeVersion matches a version of Node. Its group is the major version.
var nodeVersion = regexp.MustCompile(`^([0-9]+)\.[0-9]+\.[0-9]+$`)

// npmArchitecture is npm's name of an architecture of Lambda's.
func npmArchitecture(name string) string {
	return map[string]string{"x86_64": "x64", "arm64": "arm64"}[name]
}

// findNode chooses the Node for a function's runtime: the one that the options
// name; else the machine's, if it has the runtime's major version; else a
// downloaded one, if the options allow that; else the machine's as a stand-in. A
// version is that of the runtimes of its major version; for others it means auto.
func findNode(ctx context.Context, f analyzer.Function, o Options) (*nodeBinary, error) {
	major := nodeMajor(f.Runtime)
	compared := func(n *nodeBinary) *nodeBinary {
		n.stoodIn = !strings.HasPrefix(n.version, strconv.Itoa(major)+".")
		return n
	}
	download := o.Node == "auto"
	switch own := nodeVersion.FindStringSubmatch(o.Node); {
	case own != nil && own[1] == strconv.Itoa(major):
		file, err := fetchNode(ctx, major, npmArchitecture(analyzer.HostArchitecture()), o.Node, o.CacheDir)
		if err != nil {
			return nil, notRun("downloading Node %s failed: %s", o.Node, err)
		}
		n, err := inspectNode(ctx, file)
		if err != nil {
			return nil, notRun("the downloaded Node %s does not run on this machine", o.Node)
		}
		return compared(n), nil
	case own != nil:
		download = true
	case o.Node != "" && o.Node != "auto" && o.Node != "system":
		n, err := inspectNode(ctx, o.Node)
		if err != nil {
			return nil, notRun("the Node given as --boot-node does not run")
		}
		return compared(n), nil
	}
	var system *nodeBinary
	if found, err := exec.LookPath("node"); err == nil {
		if n, err := inspectNode(ctx, found); err == nil {
			system = compared(n)
		}
	}
	if system != nil && !system.stoodIn {
		return system, nil
	}
	if download {
		if file, err := fetchNode(ctx, major, npmArchitecture(analyzer.HostArchitecture()), "", o.CacheDir); err == nil {
			n, err := inspectNode(ctx, file)
			if err != nil {
				return nil, notRun("the downloaded Node %d does not run on this machine", major)
			}
			return compared(n), nil
		} else if system == nil {
			return nil, notRun("this machine has no Node, and downloading Node %d failed: %s", major, err)
		}
	}
	if system == nil {
		return nil, notRun("this machine has no Node")
	}
	return system, nil
}

const nodeQuestion = `const f=process.allowedNodeEnvironmentFlags;` +
	`JSON.stringify({path:process.execPath,version:process.versions.node,accepts:` +
	`["--no-experimental-require-module","--no-experimental-detect-module"].filter(x=>f.has(x))})`

// inspected caches the properties of each Node, by path, for the life of the
// process.
var inspected sync.Map

// inspectNode runs a Node once to read its properties. The path that Node reports
// for itself is the real executable, not the shim that a version manager puts on
// PATH.
func inspectNode(ctx context.Context, path string) (*nodeBinary, error) {
	if n, ok := inspected.Load(path); ok {
		copied := *n.(*nodeBinary)
		return &copied, nil
	}
	n, err := runNode(ctx, path)
	if err != nil {
		return nil, err
	}
	inspected.Store(path, n)
	copied := *n
	return &copied, nil
}

func runNode(ctx context.Context, path string) (*nodeBinary, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, path, "-p", nodeQuestion)
	cmd.WaitDelay = time.Second
	for _, name := range []string{"PATH", "HOME", "SystemRoot", "NVM_DIR", "VOLTA_HOME", "FNM_DIR", "ASDF_DIR"} {
		if value, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	var properties struct {
		Path, Version string
		Accepts       []string
	}
	if err := json.Unmarshal(out, &properties); err != nil {
		return nil, err
	}
	n := &nodeBinary{path: properties.Path, version: properties.Version, accepts: map[string]bool{}}
	for _, flag := range properties.Accepts {
		n.accepts[flag] = true
	}
	if n.path, err = filepath.EvalSymlinks(n.path); err != nil {
		return nil, err
	}
	return n, nil
}
