package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// TestMain makes featherpack available to scripts as a program.
func TestMain(m *testing.M) {
	if os.Getenv(cacheVariable) == "" { // the user's cache is not for tests
		os.Setenv(cacheVariable, "off")
	}
	testscript.Main(m, map[string]func(){
		"featherpack": func() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) },
		// The same, with progress from the start, however fast the machine is.
		"featherpack-progress": func() {
			t := newTerminal(os.Stdout, os.Stderr)
			t.after = 0
			os.Exit(t.run(os.Args[1:]))
		},
	})
}

// TestScripts runs the scripts in testdata/script: commands with their expected output.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "script"),
		UpdateScripts:       *clitest.Update,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			// The git root keeps discovery inside the script's folder.
			if err := os.MkdirAll(filepath.Join(env.WorkDir, ".git"), 0o755); err != nil {
				return err
			}
			// The Go toolchain needs a home and its caches. No other variables are passed.
			for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GONOSUMDB", "GONOSUMCHECK",
				"GOSUMDB"} {
				env.Setenv(name, clitest.GoEnv(t, name))
			}
			env.Setenv("NO_COLOR", "1")
			env.Setenv("SOURCE_DATE_EPOCH", "1790812800") // 1 October 2026: advice about runtimes depends on the day
			env.Setenv(cacheVariable, "off")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"appears": appears,
			"exits":   exits,
			"nothing": nothing,
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "long":
				return clitest.Long(), nil
			case "root":
				return os.Getuid() == 0, nil
			case "namespaces":
				return exec.Command("unshare", "-rm", "true").Run() == nil, nil
			}
			return false, fmt.Errorf("there is no condition %q", name)
		},
	})
}

// exits runs featherpack and checks its exit status: exits 2 featherpack build. As after
// exec, the commands stdout, stderr and cmp check its output.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS command args...")
	}
	err := ts.Exec(args[1], args[2:]...)
	status := "0"
	if err != nil {
		status = "1"
		if exit, ok := err.(*exec.ExitError); ok {
			status = strings.TrimPrefix(exit.Error(), "exit status ")
		}
	}
	if status != args[0] {
		ts.Fatalf("%s exited with %s, want %s\n%s", args[1], status, args[0], ts.ReadFile("stderr"))
	}
}

// appears waits up to a minute until a file matches the glob.
func appears(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: appears GLOB")
	}
	for range 6000 {
		found, err := filepath.Glob(ts.MkAbs(args[0]))
		ts.Check(err)
		if len(found) > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("nothing matches %s", args[0])
}

// nothing checks that a folder contains no artifacts, complete or partial.
func nothing(ts *testscript.TestScript, neg bool, args []string) {
	for _, dir := range args {
		err := filepath.WalkDir(ts.MkAbs(dir), func(at string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return nil
			}
			name := entry.Name()
			if strings.HasSuffix(name, ".zip") || strings.HasSuffix(name, ".tmp") || strings.HasSuffix(name, ".map") {
				ts.Fatalf("%s was left behind", name)
			}
			return nil
		})
		ts.Check(err)
	}
}
