package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"

	"github.com/featherpack/featherpack/analyzer"
)

// packageManager installs by one kind of lockfile, without lifecycle scripts.
type packageManager struct {
	lockfile string
	command  []string
}

// packageManagers in the order in which lockfiles are looked for.
var packageManagers = []packageManager{
	{"pnpm-lock.yaml", []string{"pnpm", "install", "--frozen-lockfile", "--ignore-scripts"}},
	{"yarn.lock", []string{"yarn", "install", "--frozen-lockfile", "--ignore-scripts", "--non-interactive"}},
	{"npm-shrinkwrap.json", npmInstall},
	{"package-lock.json", npmInstall},
}

var npmInstall = []string{"npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"}

// yarnBerry is how Yarn 2 and later spell the same.
var yarnBerry = []string{"yarn", "install", "--immutable", "--mode=skip-build"}

// install brings in the packages of every folder that holds a lockfile for a
// Node function, once each. It is skipped where the same lockfile was installed
// before. Lifecycle scripts run only for packages that featherpack.yaml names.
func install(ctx context.Context, t *terminal, p analyzer.Project, functions []analyzer.Function) error {
	for _, dir := range lockedDirs(p, functions) {
		var scripts []string
		for _, f := range functions {
			if f.Family == analyzer.Node && lockedDir(p.Root, filepath.Join(p.Root, filepath.FromSlash(f.ServiceDir))) == dir {
				scripts = append(scripts, f.Build.InstallScripts...)
			}
		}
		slices.Sort(scripts)
		if err := installIn(ctx, t, p.Root, dir, slices.Compact(scripts)); err != nil {
			return err
		}
	}
	return nil
}

// lockedDirs are the folders whose packages the Node functions need, sorted.
func lockedDirs(p analyzer.Project, functions []analyzer.Function) []string {
	var dirs []string
	for _, f := range functions {
		if f.Family != analyzer.Node {
			continue
		}
		if dir := lockedDir(p.Root, filepath.Join(p.Root, filepath.FromSlash(f.ServiceDir))); dir != "" {
			dirs = append(dirs, dir)
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// lockedDir is the closest folder at or above dir, inside root, with a
// lockfile; failing that, the closest with a package.json; "" with neither.
func lockedDir(root, dir string) string {
	manifest := ""
	for at := dir; ; at = filepath.Dir(at) {
		for _, m := range packageManagers {
			if exists(filepath.Join(at, m.lockfile)) {
				return at
			}
		}
		if manifest == "" && exists(filepath.Join(at, "package.json")) {
			manifest = at
		}
		if at == root || filepath.Dir(at) == at {
			return manifest
		}
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// installMark is where the digest of what was installed is kept.
const installMark = "node_modules/.featherpack-install"

func installIn(ctx context.Context, t *terminal, root, dir string, scripts []string) error {
	where, err := filepath.Rel(root, dir)
	if err != nil {
		where = dir
	}
	// Two builds of one folder must not install at the same time.
	sum := sha256.Sum256([]byte(dir))
	lock := flock.New(filepath.Join(os.TempDir(), "featherpack-install-"+hex.EncodeToString(sum[:8])+".lock"))
	if _, err := lock.TryLockContext(ctx, lockRetry); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return installError(where, fmt.Errorf("taking the install's lock: %w", plain(err)), "")
	}
	defer lock.Unlock()

	manager := managerOf(dir)
	if manager.lockfile == "" {
		t.tell(analyzer.Diagnostic{Severity: analyzer.Warning, Code: "no-lockfile", Position: analyzer.Position{File: filepath.ToSlash(filepath.Join(where, "package.json"))},
			Message: "there is no lockfile, so two installs may differ", Hint: "npm install makes one; commit it"})
	}
	digest := installDigest(dir, manager, scripts)
	mark := filepath.Join(dir, filepath.FromSlash(installMark))
	if done, err := os.ReadFile(mark); err == nil && string(done) == digest {
		return nil
	}
	t.step("featherpack: %s in %s", strings.Join(manager.command[:2], " "), where)
	if err := runIn(ctx, dir, manager.command); err != nil {
		return installError(where, err, strings.Join(manager.command, " "))
	}
	if len(scripts) > 0 {
		rebuild := append([]string{"npm", "rebuild", "--foreground-scripts"}, scripts...)
		if err := runIn(ctx, dir, rebuild); err != nil {
			return installError(where, err, strings.Join(rebuild, " "))
		}
	}
	if exists(filepath.Dir(mark)) {
		if err := os.WriteFile(mark, []byte(digest), 0o644); err != nil {
			return installError(where, plain(err), "")
		}
	}
	return nil
}

// managerOf is the package manager that a folder's lockfile calls for.
func managerOf(dir string) packageManager {
	for _, m := range packageManagers {
		if !exists(filepath.Join(dir, m.lockfile)) {
			continue
		}
		if m.lockfile == "yarn.lock" && (exists(filepath.Join(dir, ".yarnrc.yml")) || exists(filepath.Join(dir, ".yarn"))) {
			m.command = yarnBerry
		}
		return m
	}
	return packageManager{command: []string{"npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"}}
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

// runIn runs a package manager and returns its last words where it fails.
func runIn(ctx context.Context, dir string, command []string) error {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = dir
	output, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, exec.ErrNotFound) {
		return errNoManager(command[0])
	}
	if len(bytes.TrimSpace(output)) == 0 {
		return fmt.Errorf("%s failed: %w", strings.Join(command[:2], " "), plain(err))
	}
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(string(output), dir, ".")), "\n")
	if len(lines) > 6 {
		lines = lines[:6]
	}
	return fmt.Errorf("%s failed:\n  %s", strings.Join(command[:2], " "), strings.Join(lines, "\n  "))
}

// errNoManager is a package manager that is not on the PATH, by name.
type errNoManager string

func (e errNoManager) Error() string { return string(e) + " is not on the PATH" }

func installError(where string, err error, command string) error {
	hint := "install by hand, then build without --install"
	if command != "" {
		hint = fmt.Sprintf("run %q in %s to see all of it", command, filepath.ToSlash(where))
	}
	if missing := errNoManager(""); errors.As(err, &missing) {
		hint = fmt.Sprintf("the lockfile calls for it: npm install --global %s, or corepack enable; or install by hand and build without --install", string(missing))
		if missing == "npm" {
			hint = "it comes with Node: nodejs.org"
		}
	}
	return analyzer.Diagnostic{
		Code: "install", Severity: analyzer.Error, Position: analyzer.Position{File: filepath.ToSlash(where)},
		Message: fmt.Sprintf("cannot install the packages: %v", err), Hint: hint,
	}
}
