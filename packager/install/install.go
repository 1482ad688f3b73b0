package install

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Options control an install. The callbacks may be nil.
type Options struct {
	// AllowCode lets the package manager run code that the repository's own settings
	// name, such as yarnPath or a pnpmfile.
	AllowCode bool
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
		if err := installIn(ctx, p.Root, dir, scriptsOf(p, functions, dir), o); err != nil {
			return err
		}
	}
	return nil
}

// scriptsOf returns the packages whose scripts the functions of a folder allow.
func scriptsOf(p analyzer.Project, functions []analyzer.Function, dir string) (scripts []string) {
	for _, f := range functions {
		if f.Family == analyzer.Node && lockedDir(p.Root, filepath.Join(p.Root, filepath.FromSlash(f.SourceDir()))) == dir {
			scripts = append(scripts, f.Build.InstallScripts...)
		}
	}
	slices.Sort(scripts)
	return slices.Compact(scripts)
}

// lockedDirs returns the folders whose packages the Node functions need, sorted.
func lockedDirs(p analyzer.Project, functions []analyzer.Function) []string {
	var dirs []string
	for _, f := range functions {
		if f.Family != analyzer.Node {
			continue
		}
		if dir := lockedDir(p.Root, filepath.Join(p.Root, filepath.FromSlash(f.SourceDir()))); dir != "" {
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
	if err := judgeFolders(root, dir); err != nil {
		return err
	}
	if !o.AllowCode {
		if err := judgeConfigs(root, dir); err != nil {
			return err
		}
	}
	if wasInstalled(dir, installDigest(root, dir, manager, scripts)) {
		return nil
	}
	if o.Progress != nil {
		o.Progress(strings.Join(manager.command[:2], " "), where)
	}
	command, settings := manager.command, []string(nil)
	if !o.AllowCode {
		command, settings = slices.Concat(command, manager.without), manager.settings
	}
	if err := runIn(ctx, dir, command, append(slices.Clone(settings), withoutScripts)...); err != nil {
		return installError(where, err, strings.Join(command, " "))
	}
	if len(scripts) > 0 {
		if err := runScripts(ctx, root, dir, where, manager, scripts, settings); err != nil {
			return err
		}
	}
	// Yarn reformats package.json, so compute the digest after the install.
	if err := markInstalled(dir, installDigest(root, dir, manager, scripts)); err != nil {
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
func runScripts(ctx context.Context, root, dir, where string, manager packageManager, scripts, environment []string) error {
	rebuild := manager.rebuild
	if manager.approves {
		if unapproved := withoutApproval(root, dir, scripts); len(unapproved) == 0 {
			environment = append(slices.Clone(environment), "YARN_ENABLE_SCRIPTS=false")
		} else {
			rebuild = npmRebuild
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
func withoutApproval(root, dir string, scripts []string) (names []string) {
	var manifest struct {
		DependenciesMeta map[string]struct{ Built bool }
	}
	if text, err := readConfig(root, filepath.Join(dir, "package.json")); err == nil {
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
	if strings.Contains(err.Error(), "Network access disabled") { // corepack's words
		hint = "corepack may not download a package manager here: run corepack install first, or install by hand and build without --install"
	}
	return analyzer.Diagnostic{
		Code: "install", Severity: analyzer.Error, Position: analyzer.Position{File: filepath.ToSlash(where)},
		Message: fmt.Sprintf("cannot install the packages: %v", err), Hint: hint,
	}
}
