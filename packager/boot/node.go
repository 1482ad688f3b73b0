package boot

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/featherpack/featherpack/analyzer"
)

// nodeBinary is a Node that was asked what it is.
type nodeBinary struct {
	path    string
	version string // "22.23.3"
	stoodIn bool   // its major is not the runtime's
	// knows are those of Lambda's optional flags that it accepts.
	knows map[string]bool
}

// nodeMajor is 22 for "nodejs22.x" and 0 for what is no Node runtime.
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

// findNode picks the Node for a runtime: the one named, or the machine's where
// its major fits, or a fetched one where that is allowed, or else the machine's
// in its place.
func findNode(ctx context.Context, f analyzer.Function, o Options) (*nodeBinary, error) {
	major := nodeMajor(f.Runtime)
	judge := func(n *nodeBinary) *nodeBinary {
		n.stoodIn = !strings.HasPrefix(n.version, strconv.Itoa(major)+".")
		return n
	}
	switch o.Node {
	case "", "auto", "system":
	default:
		n, err := askNode(ctx, o.Node)
		if err != nil {
			return nil, notRun("the Node that was asked for does not run")
		}
		return judge(n), nil
	}
	var system *nodeBinary
	if found, err := exec.LookPath("node"); err == nil {
		if n, err := askNode(ctx, found); err == nil {
			system = judge(n)
		}
	}
	if system != nil && !system.stoodIn {
		return system, nil
	}
	if o.Node == "auto" {
		if file, err := fetchNode(ctx, major, o.CacheDir); err == nil {
			n, err := askNode(ctx, file)
			if err != nil {
				return nil, notRun("the Node %d that was fetched does not run on this machine", major)
			}
			return judge(n), nil
		} else if system == nil {
			return nil, notRun("this machine has no Node, and fetching Node %d failed: %s", major, err)
		}
	}
	if system == nil {
		return nil, notRun("this machine has no Node")
	}
	return system, nil
}

const nodeQuestion = `const f=process.allowedNodeEnvironmentFlags;` +
	`JSON.stringify({path:process.execPath,version:process.versions.node,knows:` +
	`["--no-experimental-require-module","--no-experimental-detect-module"].filter(x=>f.has(x))})`

// asked keeps what each Node said, for the life of the process.
var asked sync.Map

// askNode runs a Node once. What it says of its own path leads past the shims
// that version managers put on PATH.
func askNode(ctx context.Context, path string) (*nodeBinary, error) {
	if n, ok := asked.Load(path); ok {
		copied := *n.(*nodeBinary)
		return &copied, nil
	}
	n, err := runNode(ctx, path)
	if err != nil {
		return nil, err
	}
	asked.Store(path, n)
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
	var said struct {
		Path, Version string
		Knows         []string
	}
	if err := json.Unmarshal(out, &said); err != nil {
		return nil, err
	}
	n := &nodeBinary{path: said.Path, version: said.Version, knows: map[string]bool{}}
	for _, flag := range said.Knows {
		n.knows[flag] = true
	}
	if n.path, err = filepath.EvalSymlinks(n.path); err != nil {
		return nil, err
	}
	return n, nil
}
