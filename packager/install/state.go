package install

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// lockRetry is the interval between attempts to take the lock while another build
// installs. The context can interrupt the wait.
const lockRetry = 50 * time.Millisecond

// lockInstall takes a lock on the folder, waiting for other builds to release it.
// The lock is a file in the temporary folder, which unlock removes.
func lockInstall(ctx context.Context, dir string) (unlock func(), err error) {
	sum := sha256.Sum256([]byte(dir))
	name := filepath.Join(os.TempDir(), "featherpack-install-"+hex.EncodeToString(sum[:8])+".lock")
	for {
		lock := flock.New(name)
		if _, err := lock.TryLockContext(ctx, lockRetry); err != nil {
			return nil, err
		}
		// The previous holder may have removed the file while this build waited.
		held, err := lock.Stat()
		if there, missing := os.Stat(name); err == nil && missing == nil && os.SameFile(held, there) {
			return func() {
				os.Remove(name)
				lock.Unlock()
			}, nil
		}
		lock.Unlock()
	}
}

// The mark files store the digest of an install. They are next to the installed
// packages, so that deleting the packages deletes the mark. With Plug'n'Play that is
// Yarn's folder.
const (
	installMark = "node_modules/.featherpack-install"
	pnpMark     = ".yarn/.featherpack-install"
)

// wasInstalled reports whether the install with this digest was done already.
func wasInstalled(dir, digest string) bool {
	if done, err := readConfig(dir, filepath.FromSlash(installMark)); err == nil && string(done) == digest {
		return true
	}
	done, err := readConfig(dir, filepath.FromSlash(pnpMark))
	if err != nil {
		return false
	}
	state := pnpState(dir)
	return state != "" && string(done) == digest+state
}

func markInstalled(dir, digest string) error {
	root, err := os.OpenRoot(dir) // no link leads the mark out of the folder
	if err != nil {
		return err
	}
	defer root.Close()
	if exists(filepath.Join(dir, path.Dir(installMark))) {
		return mark(root, installMark, digest)
	}
	state := pnpState(dir)
	if state == "" || !exists(filepath.Join(dir, path.Dir(pnpMark))) {
		return nil // there is no folder for the mark: the next build installs again
	}
	return mark(root, pnpMark, digest+state)
}

// mark replaces a mark. It does not write through a link.
func mark(root *os.Root, name, text string) error {
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return root.WriteFile(name, []byte(text), 0o644)
}

// installDigest is a digest of everything that determines an install's result.
func installDigest(root, dir string, m packageManager, scripts []string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q\n", m.command, scripts)
	for _, name := range []string{m.lockfile, "package.json", ".npmrc", ".yarnrc.yml"} {
		if data, err := readConfig(root, filepath.Join(dir, name)); name != "" && err == nil {
			fmt.Fprintf(h, "%s %d\n", name, len(data))
			h.Write(data)
		}
	}
	return hex.EncodeToString(h.Sum(nil)) + "\n"
}

// location matches the folder of a package in a Plug'n'Play manifest.
// Source: yarnpkg.com/advanced/pnp-spec
var location = regexp.MustCompile(`"packageLocation":\s*"([^"\\]+)"`)

// pnpState is a digest of a Plug'n'Play manifest, "" if there is none or if a
// package that it lists is missing.
func pnpState(dir string) string {
	h := sha256.New()
	found := false
	for _, name := range []string{".pnp.cjs", ".pnp.data.json"} {
		text, err := readConfig(dir, filepath.Join(dir, name))
		if err != nil {
			continue
		}
		found = true
		h.Write(text)
		for _, match := range location.FindAllSubmatch(text, -1) {
			at, _, zipped := strings.Cut(string(match[1]), ".zip/")
			if strings.Contains(at, "virtual__/") {
				continue // an alias of a package that is listed separately or is next to one
			}
			if zipped {
				at += ".zip"
			}
			if !exists(filepath.Join(dir, filepath.FromSlash(at))) {
				return ""
			}
		}
	}
	if !found {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil)) + "\n"
}
