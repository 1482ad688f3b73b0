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

// Limits of one download. The packages are 43 to 53 MB, the executables 99 to 127 MB.
const (
	maxPackage = 200 << 20
	maxNode    = 400 << 20
	fetchLimit = 5 * time.Minute
)

// verified holds the paths of the cached files whose digest this process has checked.
var verified sync.Map

// fetchNode returns the path of a Node of the given major version and architecture, by
// npm's name, in the cache folder: of the version, or of the newest known one if that is
// "". If it is not there yet, npm downloads it from the registry in the user's npm
// configuration. A file lock lets only one process download the same version.
func fetchNode(ctx context.Context, major int, arch, version, cache string) (string, error) {
	if runtime.GOOS != "linux" {
		return "", fmt.Errorf("featherpack offers no Node download for %s", runtime.GOOS)
	}
	r, ok := findRelease(major, arch, version)
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
