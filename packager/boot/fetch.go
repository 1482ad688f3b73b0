package boot

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/scratch"
)

// release is a pinned Node version: an npm package that holds only the executable.
type release struct {
	version string
	// integrity is the sha512 of the package, as npm lists it. digest is the
	// sha256 of its bin/node, checked before a cached file is used again.
	integrity, digest string
}

// releases are the pinned Nodes, by "major/npm architecture". They change only
// with a new version of featherpack, so a check never runs an unreviewed Node.
var releases = map[string]release{
	"20/x64":   {"20.20.2", "PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==", "6295488653f0d93b0a157841746fef7e72cc4328cfb60c4bbe0ca2668a836ffd"},
	"20/arm64": {"20.20.2", "LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==", "05a69ccdcb795f2a8b86c145e71a6a37cce84fccef5aaf25a8fe38bc9423e732"},
	"22/x64":   {"22.23.3", "qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==", "fde6a4bf8d0562f7751d1a2d6cb9b417c4cfe107bbcb0aa3e9a24e125e348f48"},
	"22/arm64": {"22.23.3", "l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==", "d09e299258c24f7cdf6f5d5ec185e3a56512b27a697113735dac909f1cac7b8d"},
	"24/x64":   {"24.21.0", "3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==", "7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c"},
	"24/arm64": {"24.21.0", "FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==", "0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584"},
}

// Limits of one download. The packages are 43 to 53 MB, the executables 99 to 127 MB.
const (
	maxPackage = 200 << 20
	maxNode    = 400 << 20
	fetchLimit = 5 * time.Minute
)

// verified holds the paths of the cached files whose digest this process has checked.
var verified sync.Map

// fetchNode returns the path of a Node of the given major version and architecture, by
// npm's name, in the cache folder. If it is not there yet, npm downloads it from the registry in the user's
// npm configuration. A file lock lets only one process download the same version.
func fetchNode(ctx context.Context, major int, arch, cache string) (string, error) {
	if runtime.GOOS != "linux" {
		return "", fmt.Errorf("featherpack offers no Node download for %s", runtime.GOOS)
	}
	r, ok := releases[fmt.Sprintf("%d/%s", major, arch)]
	if !ok {
		return "", errors.New("featherpack offers no download of this version for this machine")
	}
	if cache == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return "", errors.New("this user has no cache folder")
		}
		cache = filepath.Join(base, "featherpack", "node")
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", fmt.Errorf("cannot make the cache folder: %s", analyzer.WithoutPath(err))
	}
	name := "node-linux-" + arch
	file := filepath.Join(cache, name+"-"+r.version)
	ctx, cancel := context.WithTimeout(ctx, fetchLimit)
	defer cancel()
	lock := flock.New(file + ".lock")
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return "", fmt.Errorf("cannot lock the cache folder: %s", analyzer.WithoutPath(err))
	}
	defer lock.Unlock()
	if _, done := verified.Load(file); done || matches(file, r.digest) {
		verified.Store(file, true)
		return file, nil
	}
	if err := download(ctx, name+"@"+r.version, r, file); err != nil {
		return "", err
	}
	verified.Store(file, true)
	return file, nil
}

func matches(file, digest string) bool {
	in, err := os.Open(file)
	if err != nil {
		return false
	}
	defer in.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(in, maxNode))
	return err == nil && n > 0 && hex.EncodeToString(sum.Sum(nil)) == digest
}

func download(ctx context.Context, spec string, r release, file string) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return errors.New("npm is not installed")
	}
	scratch.Sweep(filepath.Dir(file))
	folder, err := scratch.New(filepath.Dir(file), "fetch")
	if err != nil {
		return fmt.Errorf("cannot write to the cache folder: %s", analyzer.WithoutPath(err))
	}
	defer folder.Close()
	dir := folder.Path
	cmd := exec.CommandContext(ctx, npm, "pack", "--silent", "--ignore-scripts", "--no-workspaces", spec)
	cmd.Dir = dir
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("npm pack %s failed", spec)
	}
	packed, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(packed) != 1 {
		return fmt.Errorf("npm pack %s wrote no package", spec)
	}
	return extractNode(packed[0], r, file)
}

// extractNode verifies the hash of a package before reading from it, then writes
// its executable to file by an atomic rename.
func extractNode(pack string, r release, file string) error {
	in, err := os.Open(pack)
	if err != nil {
		return fmt.Errorf("cannot read the package: %s", analyzer.WithoutPath(err))
	}
	defer in.Close()
	content, err := io.ReadAll(io.LimitReader(in, maxPackage))
	if err != nil {
		return fmt.Errorf("cannot read the package: %s", analyzer.WithoutPath(err))
	}
	if sum := sha512.Sum512(content); base64.StdEncoding.EncodeToString(sum[:]) != r.integrity {
		return errors.New("the package does not match its pinned integrity hash")
	}
	gz, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return errors.New("the package is not a gzip file")
	}
	for t := tar.NewReader(gz); ; {
		h, err := t.Next()
		if err != nil {
			return errors.New("the package holds no bin/node")
		}
		if !strings.HasSuffix(h.Name, "/bin/node") || h.Typeflag != tar.TypeReg {
			continue
		}
		part := pack + ".node"
		out, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
		if err != nil {
			return fmt.Errorf("cannot write to the cache folder: %s", analyzer.WithoutPath(err))
		}
		_, err = io.Copy(out, io.LimitReader(t, maxNode))
		if err = errors.Join(err, out.Chmod(0o755), out.Sync(), out.Close()); err != nil {
			return fmt.Errorf("cannot write to the cache folder: %s", analyzer.WithoutPath(err))
		}
		if !matches(part, r.digest) {
			return errors.New("the package's executable does not match its pinned hash")
		}
		if err := os.Rename(part, file); err != nil {
			return fmt.Errorf("cannot write to the cache folder: %s", analyzer.WithoutPath(err))
		}
		return nil
	}
}
