package install

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// lockRetry is how long somebody else's install is left alone before the lock is
// asked for again. Waiting for it can be interrupted.
const lockRetry = 50 * time.Millisecond

// lockInstall makes other builds of the same folder wait. The lock is a file in
// the temporary folder, which is gone once nobody holds it.
func lockInstall(ctx context.Context, dir string) (unlock func(), err error) {
	sum := sha256.Sum256([]byte(dir))
	name := filepath.Join(os.TempDir(), "featherpack-install-"+hex.EncodeToString(sum[:8])+".lock")
	for {
		lock := flock.New(name)
		if _, err := lock.TryLockContext(ctx, lockRetry); err != nil {
			return nil, err
		}
		// Whoever held it last may have removed the file that was waited for.
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

// installMarks are where the digest of what was installed is kept: beside what
// it is about, so that it goes with it. With Plug'n'Play that is Yarn's folder.
const (
	installMark = "node_modules/.featherpack-install"
	pnpMark     = ".yarn/.featherpack-install"
)

// wasInstalled reports whether what the digest stands for is there already.
func wasInstalled(dir, digest string) bool {
	if done, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(installMark))); err == nil && string(done) == digest {
		return true
	}
	done, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(pnpMark)))
	if err != nil {
		return false
	}
	state := pnpState(dir)
	return state != "" && string(done) == digest+state
}

func markInstalled(dir, digest string) error {
	mark := filepath.Join(dir, filepath.FromSlash(installMark))
	if exists(filepath.Dir(mark)) {
		return os.WriteFile(mark, []byte(digest), 0o644)
	}
	state := pnpState(dir)
	mark = filepath.Join(dir, filepath.FromSlash(pnpMark))
	if state == "" || !exists(filepath.Dir(mark)) {
		return nil // nothing to keep it beside: the next build asks again
	}
	return os.WriteFile(mark, []byte(digest+state), 0o644)
}

// installDigest is over what decides an install's result.
func installDigest(dir string, m packageManager, scripts []string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q\n", m.command, scripts)
	for _, name := range []string{m.lockfile, "package.json", ".npmrc", ".yarnrc.yml"} {
		if data, err := os.ReadFile(filepath.Join(dir, name)); name != "" && err == nil {
			fmt.Fprintf(h, "%s %d\n", name, len(data))
			h.Write(data)
		}
	}
	return hex.EncodeToString(h.Sum(nil)) + "\n"
}

// location finds where a Plug'n'Play manifest says that packages lie.
// Source: yarnpkg.com/advanced/pnp-spec
var location = regexp.MustCompile(`"packageLocation":\s*"([^"\\]+)"`)

// pnpState is a digest of a Plug'n'Play manifest, "" when there is none or when
// a package that it names is no longer there.
func pnpState(dir string) string {
	h := sha256.New()
	found := false
	for _, name := range []string{".pnp.cjs", ".pnp.data.json"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			continue
		}
		found = true
		h.Write(text)
		for _, match := range location.FindAllSubmatch(text, -1) {
			at, _, zipped := strings.Cut(string(match[1]), ".zip/")
			if strings.Contains(at, "virtual__/") {
				continue // another name of a package that is listed by itself, or lies beside one
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
