package install

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Options are callbacks. Both may be nil.
type Options struct {
	// Progress is called before a package manager runs, with its command, such as
	// "npm ci", and the folder relative to the root.
	Progress func(command, where string)
	// Warn is called for problems that do not prevent the install.
	Warn func(analyzer.Diagnostic)
}

// Packages installs the packages of every folder with a lockfile that a Node
// function needs, once each. It skips a folder if the same lockfile was already
// installed there. It runs lifecycle scripts only for the packages that the
// functions' settings name. The error is an [analyzer.Diagnostic] or the context's.
func Packages(ctx context.Context, p analyzer.Project, functions []analyzer.Function, o Options) error {
	for _, dir := range lockedDirs(p, functions) {
		var scripts []string
		for _, f := range functions {
			if f.Family == analyzer.Node && lockedDir(p.Root, filepath.Join(p.Root, filepath.FromSlash(f.ServiceDir))) == dir {
				scripts = append(scripts, f.Build.InstallScripts...)
			}
		}
		slices.Sort(scripts)
		if err := installIn(ctx, p.Root, dir, slices.Compact(scripts), o); err != nil {
			return err
		}
	}
	return nil
}

// PackagesLike installs the packages of p, another version of the project at head.
// If its lockfile equals the head's, it links to the packages installed there;
// otherwise it installs from p's own lockfile.
func PackagesLike(ctx context.Context, head string, p analyzer.Project, functions []analyzer.Function, o Options) error {
	for _, dir := range lockedDirs(p, functions) {
		rel, err := filepath.Rel(p.Root, dir)
		if err != nil {
			return err
		}
		installed := filepath.Join(head, rel, "node_modules")
		same := installDigest(dir, managerOf(dir), nil) == installDigest(filepath.Join(head, rel), managerOf(filepath.Join(head, rel)), nil)
		if same && exists(installed) && exec.CommandContext(ctx, "cp", "-al", installed, filepath.Join(dir, "node_modules")).Run() == nil {
			continue
		}
		os.RemoveAll(filepath.Join(dir, "node_modules"))
		if err := Packages(ctx, p, functions, o); err != nil {
			return err
		}
	}
	return nil
}

// lockedDirs returns the folders whose packages the Node functions need, sorted.
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

// lockedDir returns the closest folder with a lockfile, from dir up to root. If
// there is none, it returns the closest folder with a package.json, or "".
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

func installIn(ctx context.Context, root, dir string, scripts []string, o Options) error {
	where, err := filepath.Rel(root, dir)
	if err != nil {
		where = dir
	}
	// Two builds of one folder must not install at the same time.
	unlock, err := lockInstall(ctx, dir)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return installError(where, fmt.Errorf("taking the install's lock: %w", analyzer.WithoutPath(err)), "")
	}
	defer unlock()

	manager := managerOf(dir)
	if manager.lockfile == "" && o.Warn != nil {
		o.Warn(analyzer.Diagnostic{Severity: analyzer.Warning, Code: "no-lockfile", Position: analyzer.Position{File: filepath.ToSlash(filepath.Join(where, "package.json"))},
			Message: "there is no lockfile, so installs may differ", Hint: "npm install creates one; commit it"})
	}
	if wasInstalled(dir, installDigest(dir, manager, scripts)) {
		return nil
	}
	if o.Progress != nil {
		o.Progress(strings.Join(manager.command[:2], " "), where)
	}
	if err := runIn(ctx, dir, manager.command); err != nil {
		return installError(where, err, strings.Join(manager.command, " "))
	}
	if len(scripts) > 0 {
		if err := runScripts(ctx, dir, where, manager, scripts); err != nil {
			return err
		}
	}
	// Yarn reformats package.json, so compute the digest after the install.
	if err := markInstalled(dir, installDigest(dir, manager, scripts)); err != nil {
		return installError(where, analyzer.WithoutPath(err), "")
	}
	return nil
}

// runScripts runs the lifecycle scripts of the packages that featherpack.yaml
// names. Yarn 2 and later would run the scripts of every package that is not built
// yet. With scripts disabled, it runs those of the packages that package.json
// approves. If a package is not approved there, npm, which reads the same
// node_modules, runs the scripts instead.
// Source: yarnpkg.com/configuration/manifest#dependenciesMeta.built
func runScripts(ctx context.Context, dir, where string, manager packageManager, scripts []string) error {
	rebuild, environment := manager.rebuild, []string(nil)
	if manager.approves {
		environment = []string{"YARN_ENABLE_SCRIPTS=false"}
		if unapproved := withoutApproval(dir, scripts); len(unapproved) > 0 {
			rebuild, environment = npmRebuild, nil
			if !exists(filepath.Join(dir, "node_modules")) {
				return analyzer.Diagnostic{
					Code: "install", Severity: analyzer.Error, Position: analyzer.Position{File: filepath.ToSlash(filepath.Join(where, "package.json"))},
					Message: fmt.Sprintf("Yarn does not run the scripts of %s because package.json does not approve them", strings.Join(unapproved, ", ")),
					Hint:    fmt.Sprintf(`add "dependenciesMeta": {%q: {"built": true}} and run yarn install`, unapproved[0]),
				}
			}
		}
	}
	rebuild = slices.Concat(rebuild, scripts)
	if err := runIn(ctx, dir, rebuild, environment...); err != nil {
		return installError(where, err, strings.Join(rebuild, " "))
	}
	return nil
}

// withoutApproval returns the packages that package.json does not mark as built.
func withoutApproval(dir string, scripts []string) (names []string) {
	var manifest struct {
		DependenciesMeta map[string]struct{ Built bool }
	}
	if text, err := os.ReadFile(filepath.Join(dir, "package.json")); err == nil {
		_ = json.Unmarshal(text, &manifest) // a value of another type approves nothing
	}
	for _, name := range scripts {
		if !manifest.DependenciesMeta[name].Built {
			names = append(names, name)
		}
	}
	return names
}

func installError(where string, err error, command string) error {
	hint := "install by hand, then build without --install"
	if command != "" {
		hint = fmt.Sprintf("run %q in %s to see the full output", command, filepath.ToSlash(where))
	}
	if missing := errNoManager(""); errors.As(err, &missing) {
		hint = fmt.Sprintf("the lockfile requires it: npm install --global %s, or corepack enable; or install by hand and build without --install", string(missing))
		if missing == "npm" {
			hint = "it comes with Node: nodejs.org"
		}
	}
	return analyzer.Diagnostic{
		Code: "install", Severity: analyzer.Error, Position: analyzer.Position{File: filepath.ToSlash(where)},
		Message: fmt.Sprintf("cannot install the packages: %v", err), Hint: hint,
	}
}
