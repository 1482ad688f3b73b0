package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// verify builds the release again, in another folder and with an empty build cache, and
// compares the digest of every file.
func (r release) verify(ctx context.Context, sums string, stdout io.Writer) error {
	other, err := os.MkdirTemp("", "another folder-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(other)
	again := r
	again.source = filepath.Join(other, "sources")
	again.env = []string{"GOCACHE=" + filepath.Join(other, "cache")}
	if err := copySources(ctx, r.source, again.source); err != nil {
		return err
	}
	got, err := again.make(ctx, filepath.Join(other, "out"))
	if err != nil {
		return fmt.Errorf("building it again: %w", err)
	}
	if got != sums {
		var differ []string
		for line := range strings.Lines(got) {
			if !strings.Contains(sums, line) {
				_, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
				differ = append(differ, name)
			}
		}
		return fmt.Errorf("these files differ when built again from another folder: %s", strings.Join(differ, ", "))
	}
	fmt.Fprintf(stdout, "verified: %d files are identical when built again from another folder with an empty cache\n", strings.Count(sums, "\n"))
	return nil
}

// copySources copies the files that git tracks, and new files that it does not ignore,
// from the working directory.
func copySources(ctx context.Context, from, to string) error {
	cmd := exec.CommandContext(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.go", "go.mod", "go.sum", "LICENSE", "README.md", "analyzer", "cmd", "packager", "reporters")
	cmd.Dir = from
	listed, err := output(cmd)
	if err != nil {
		return err
	}
	for name := range strings.SplitSeq(strings.Trim(string(listed), "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(from, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // still tracked, but removed from the working directory
		}
		if err != nil {
			return err
		}
		file := filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
