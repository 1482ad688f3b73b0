//go:build !linux

package sandbox

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

// Start runs the spec as an ordinary child process. Containment needs Linux.
func Start(s Spec) (*Process, error) {
	if s.Contained {
		return nil, fmt.Errorf("%w: %s has no namespaces", ErrContainment, runtime.GOOS)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening for the Runtime API: %s", analyzer.WithoutPath(err))
	}
	cmd := exec.Command(s.Args[0], s.Args[1:]...)
	cmd.Env = append(s.Env, "AWS_LAMBDA_RUNTIME_API="+l.Addr().String())
	// Programs on Windows do not start without this variable.
	if value, ok := os.LookupEnv("SystemRoot"); ok {
		cmd.Env = append(cmd.Env, "SystemRoot="+value)
	}
	cmd.Dir = s.Dir
	cmd.Stdout, cmd.Stderr = s.Output, s.Output
	cmd.WaitDelay = time.Second
	began := time.Now()
	if err := cmd.Start(); err != nil {
		l.Close()
		return nil, NotStarted(analyzer.WithoutPath(err).Error())
	}
	exited, waited := make(chan string, 1), make(chan struct{})
	go func() {
		defer close(waited)
		cmd.Wait()
		exited <- fmt.Sprintf("exited with status %d", cmd.ProcessState.ExitCode())
	}()
	return &Process{
		Listener:    l,
		Uncontained: []string{"files", "memory", "network", "processes", "user"},
		Exited:      exited,
		Over:        make(chan string),
		SinceExec:   func() time.Duration { return time.Since(began) },
		CPU:         func() time.Duration { return 0 },
		Peak:        func() int64 { return 0 },
		Network:     func() bool { return false },
		Stop: sync.OnceFunc(func() {
			cmd.Process.Kill()
			<-waited
			l.Close()
		}),
	}, nil
}

// Openings counts nothing on this system.
type Openings struct{}

func WatchOpenings(string) *Openings { return nil }

func (*Openings) Stop() int { return 0 }
