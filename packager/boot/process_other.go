//go:build !linux

package boot

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"

	"github.com/featherpack/featherpack/analyzer"
)

// start runs the spec as an ordinary child process. Containment needs Linux.
func start(s spec) (*process, error) {
	if s.contained {
		return nil, fmt.Errorf("%w: %s has no namespaces", errContainment, runtime.GOOS)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening for the Runtime API: %s", analyzer.WithoutPath(err))
	}
	cmd := exec.Command(s.args[0], s.args[1:]...)
	cmd.Env = append(s.env, "AWS_LAMBDA_RUNTIME_API="+l.Addr().String())
	// Programs on Windows do not start without this variable.
	if value, ok := os.LookupEnv("SystemRoot"); ok {
		cmd.Env = append(cmd.Env, "SystemRoot="+value)
	}
	cmd.Dir = s.places.task
	cmd.Stdout, cmd.Stderr = s.output, s.output
	cmd.WaitDelay = time.Second
	began := time.Now()
	if err := cmd.Start(); err != nil {
		l.Close()
		return nil, failed("the program does not start: %s", analyzer.WithoutPath(err))
	}
	exited, waited := make(chan string, 1), make(chan struct{})
	go func() {
		defer close(waited)
		cmd.Wait()
		exited <- fmt.Sprintf("exited with status %d", cmd.ProcessState.ExitCode())
	}()
	return &process{
		listener:    l,
		uncontained: []string{"files", "memory", "network", "processes", "user"},
		exited:      exited,
		over:        make(chan string),
		sinceExec:   func() time.Duration { return time.Since(began) },
		cpu:         func() time.Duration { return 0 },
		peak:        func() int64 { return 0 },
		stop: sync.OnceFunc(func() {
			l.Close()
			cmd.Process.Kill()
			<-waited
		}),
	}, nil
}

type openings struct{}

func watchOpenings(string) *openings { return nil }

func (*openings) stop() int { return 0 }
