package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(2)
	}
}

// semantic matches the versions that npm accepts.
var semantic = regexp.MustCompile(`^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?$`)

// run is main with its arguments and output as parameters.
func run(ctx context.Context, args []string, stdout io.Writer) error {
	set := pflag.NewFlagSet("release", pflag.ContinueOnError)
	all := set.Bool("all", false, "build for every platform, not only this machine's")
	version := set.String("version", "0.0.0-devel", "the release's version in npm's format")
	verify := set.Bool("verify", false, "build everything again in another folder and compare")
	source := set.String("source", ".", "the module's folder")
	if err := set.Parse(args); err != nil {
		return err
	}
	if set.NArg() != 1 {
		return fmt.Errorf("usage: release [--all] [--version V] [--verify] OUT")
	}
	if !semantic.MatchString(*version) {
		return fmt.Errorf("%q is not a version such as 1.2.3 or 1.2.3-rc.1", *version)
	}
	r := release{version: *version, source: *source, platforms: platforms}
	if !*all {
		r.platforms = slices.DeleteFunc(slices.Clone(platforms), func(p platform) bool { return !p.host() })
	}
	if len(r.platforms) == 0 {
		return fmt.Errorf("there is no release for %s/%s; --all builds for all other platforms", runtime.GOOS, runtime.GOARCH)
	}
	sums, err := r.make(ctx, set.Arg(0))
	if err != nil {
		return err
	}
	fmt.Fprint(stdout, sums)
	if !*verify {
		return nil
	}
	return r.verify(ctx, sums, stdout)
}

// release is one release: its version, sources and platforms.
type release struct {
	version   string
	source    string
	platforms []platform
	// env is added to the environment of every command.
	env []string
}

// platform is a platform that a binary is built for.
type platform struct {
	goos, goarch string
	// os and cpu are the same in Node's terms, which npm uses.
	os, cpu string
}

var platforms = []platform{
	{"darwin", "amd64", "darwin", "x64"},
	{"darwin", "arm64", "darwin", "arm64"},
	{"linux", "amd64", "linux", "x64"},
	{"linux", "arm64", "linux", "arm64"},
	{"windows", "amd64", "win32", "x64"},
	{"windows", "arm64", "win32", "arm64"},
}

func (p platform) host() bool { return p.goos == runtime.GOOS && p.goarch == runtime.GOARCH }

// executable returns the binary's file name on the platform.
func (p platform) executable() string {
	if p.goos == "windows" {
		return "featherpack.exe"
	}
	return "featherpack"
}

// make writes all files of the release to the folder, which must be empty or absent,
// and returns its SHA256SUMS.
func (r release) make(ctx context.Context, out string) (sums string, err error) {
	out, err = filepath.Abs(out)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return "", err
	}
	if entries, err := os.ReadDir(out); err != nil || len(entries) > 0 {
		return "", fmt.Errorf("%s is not empty, and its files would be mixed with this release's", out)
	}
	work, err := os.MkdirTemp("", "featherpack-release-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	for _, p := range r.platforms {
		binary := filepath.Join(work, p.os+"-"+p.cpu, p.executable())
		if err := r.compile(ctx, p, binary); err != nil {
			return "", err
		}
		linked, err := r.linked(ctx, p, binary)
		if err != nil {
			return "", fmt.Errorf("%s-%s: %w", p.os, p.cpu, err)
		}
		stem := filepath.Join(out, fmt.Sprintf("featherpack_%s_%s_%s", r.version, p.os, p.cpu))
		if err := r.archive(p, binary, linked, stem); err != nil {
			return "", err
		}
		if err := writeComponents(stem+".cdx.json", r.version, p, binary, linked); err != nil {
			return "", err
		}
		if err := r.packPlatform(ctx, p, binary, linked, work, out); err != nil {
			return "", err
		}
	}
	if err := r.packMain(ctx, work, out); err != nil {
		return "", err
	}
	return writeSums(out)
}

// compile builds the binary. Its bytes depend only on the sources, the toolchain and
// the version.
func (r release) compile(ctx context.Context, p platform, to string) error {
	_, err := r.goCommand(ctx, p, "build", "-trimpath", "-buildvcs=false",
		"-ldflags=-s -w -X main.release="+moduleVersion(r.version), "-o", to, "./cmd/featherpack")
	return err
}

// moduleVersion returns the version in the format of Go modules, so that a released
// binary and one from go install report the same version.
func moduleVersion(version string) string { return "v" + version }

func (r release) goCommand(ctx context.Context, p platform, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = r.source
	cmd.Env = append(os.Environ(), r.env...)
	cmd.Env = append(cmd.Env, "CGO_ENABLED=0", "GOOS="+p.goos, "GOARCH="+p.goarch, "GOFLAGS=", "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=")
	return output(cmd)
}

// output runs a command and returns its stdout. The error contains its stderr.
func output(cmd *exec.Cmd) ([]byte, error) {
	var stderr strings.Builder
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return text, nil
}

// writeSums writes SHA256SUMS, in the format that sha256sum -c reads.
func writeSums(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(content), e.Name())
	}
	return b.String(), os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte(b.String()), 0o644)
}
