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

// verify makes the release again where nothing is the same but the sources and
// the toolchain, and compares every file's digest.
func (r release) verify(ctx context.Context, sums string, stdout io.Writer) error {
	elsewhere, err := os.MkdirTemp("", "another folder-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(elsewhere)
	again := r
	again.source = filepath.Join(elsewhere, "sources")
	again.env = []string{"GOCACHE=" + filepath.Join(elsewhere, "cache")}
	if err := copySources(ctx, r.source, again.source); err != nil {
		return err
	}
	got, err := again.make(ctx, filepath.Join(elsewhere, "out"))
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
		return fmt.Errorf("built again from another folder, these have other bytes: %s", strings.Join(differ, ", "))
	}
	fmt.Fprintf(stdout, "verified: %d files are the same, built again from another folder with an empty cache\n", strings.Count(sums, "\n"))
	return nil
}

// copySources copies what git tracks, or would, as it lies in the folder.
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
			continue // tracked, and removed since
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
