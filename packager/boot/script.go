package boot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/scratch"
	"github.com/featherpack/featherpack/packager/boot/sandbox"
)

// Limits of a script.
const (
	scriptLimit  = 2 * time.Minute
	scriptMemory = 2 << 30
	maxPrinted   = 256 << 20
)

// RunScript runs a Node script of our own that uses a project's packages, contained
// as a function is, and returns what it prints. The script finds the request in
// request.json beside it, and the tree's folder in LAMBDA_TASK_ROOT.
func RunScript(ctx context.Context, t *Tree, f analyzer.Function, o Options, script, request []byte) ([]byte, error) {
	folder, err := scratch.New("", "boot")
	if err != nil {
		return nil, analyzer.WithoutPath(err)
	}
	defer folder.Close()
	work := folder.Path
	node, err := findNode(ctx, f, o)
	if err != nil {
		return nil, err
	}
	if err := writeReadable(work, map[string][]byte{"script.cjs": script, "request.json": request}); err != nil {
		return nil, analyzer.WithoutPath(err)
	}
	mounts, err := t.mounts(work)
	if err != nil {
		return nil, analyzer.WithoutPath(err)
	}
	at := lambdaPlaces
	var printed printed
	p, err := sandbox.Start(sandbox.Spec{
		Contained: true, Work: work, Memory: scriptMemory, Output: &printed, Dir: "/tmp",
		Args: []string{at.node, filepath.Join(at.runtime, "script.cjs")},
		Env:  []string{"PATH=/usr/bin:/bin", "LANG=en_US.UTF-8", "LAMBDA_TASK_ROOT=" + at.task},
		Mounts: append(mounts, sandbox.Mount{From: filepath.Join(work, "readable"), To: at.runtime},
			sandbox.Mount{From: node.path, To: at.node, Program: true}),
	})
	if err != nil {
		return nil, analyzer.WithoutPath(err)
	}
	defer p.Stop()
	timer := time.NewTimer(scriptLimit)
	defer timer.Stop()
	select {
	case clause := <-p.Exited:
		p.Stop() // waits for the output
		if clause != "exited with status 0" {
			return nil, fmt.Errorf("it %s", clause)
		}
		return printed.bytes.Bytes(), nil
	case clause := <-p.Over:
		return nil, fmt.Errorf("it %s", clause)
	case <-timer.C:
		return nil, fmt.Errorf("it was not ready after %s", scriptLimit)
	case <-ctx.Done():
		return nil, errors.New("the check was interrupted")
	}
}

// writeReadable writes files that every user can read to the folder "readable" in
// dir, whatever the umask is.
func writeReadable(dir string, files map[string][]byte) error {
	dir = filepath.Join(dir, "readable")
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.Chmod(dir, 0o755)); err != nil {
		return err
	}
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := errors.Join(os.WriteFile(name, text, 0o644), os.Chmod(name, 0o644)); err != nil {
			return err
		}
	}
	return nil
}

// printed keeps what a script prints, up to a limit.
type printed struct{ bytes bytes.Buffer }

func (p *printed) Write(text []byte) (int, error) {
	if p.bytes.Len()+len(text) <= maxPrinted {
		p.bytes.Write(text)
	}
	return len(text), nil
}
