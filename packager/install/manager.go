package install

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// managerOf returns the package manager of a folder's lockfile.
func managerOf(dir string) packageManager {
	for _, m := range packageManagers {
		if !exists(filepath.Join(dir, m.lockfile)) {
			continue
		}
		if m.lockfile == "yarn.lock" && (exists(filepath.Join(dir, ".yarnrc.yml")) || exists(filepath.Join(dir, ".yarn"))) {
			return yarnBerry
		}
		return m
	}
	return packageManager{command: []string{"npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"}, settings: npmWithout, rebuild: npmRebuild}
}

// packageManager installs from one kind of lockfile, without lifecycle scripts.
type packageManager struct {
	lockfile string
	command  []string
	// without are the flags, and settings the variables, that turn the repository's code
	// off.
	without, settings []string
	// rebuild runs the scripts of only the packages whose names are appended to it.
	rebuild []string
	// approves is set if rebuild runs the scripts of all packages, unless scripts are
	// disabled and package.json approves some.
	approves bool
}

// packageManagers are in the order in which lockfiles are searched.
var packageManagers = []packageManager{
	// Since version 10, pnpm requires an approval in addition to the names.
	{lockfile: "pnpm-lock.yaml", command: []string{"pnpm", "install", "--frozen-lockfile", "--ignore-scripts"}, without: []string{"--ignore-pnpmfile"}, settings: pnpmWithout,
		rebuild: []string{"pnpm", "rebuild", "--config.dangerously-allow-all-builds=true"}},
	// Yarn 1 cannot run the scripts of one package. npm can, because Yarn 1's
	// node_modules has npm's layout.
	{lockfile: "yarn.lock", command: []string{"yarn", "install", "--frozen-lockfile", "--ignore-scripts", "--non-interactive"}, settings: yarnWithout,
		rebuild: npmRebuild},
	{lockfile: "npm-shrinkwrap.json", command: npmInstall, settings: npmWithout, rebuild: npmRebuild},
	{lockfile: "package-lock.json", command: npmInstall, settings: npmWithout, rebuild: npmRebuild},
}

var (
	npmInstall = []string{"npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"}
	npmRebuild = []string{"npm", "rebuild", "--foreground-scripts"}
)

// withoutScripts turns lifecycle scripts off, also in the npm that npm starts to
// build a package from a git repository.
const withoutScripts = "npm_config_ignore_scripts=true"

// Settings that turn off what the repository could make a package manager run or
// download, where the environment can. They win over the settings of the project, and
// of packages that are built from git repositories. config.go finds the rest.
// Sources: docs.npmjs.com/cli/using-npm/config, pnpm.io/settings,
// github.com/nodejs/corepack#environment-variables, yarnpkg.com/configuration/yarnrc
var (
	npmWithout = []string{"npm_config_git=git", "npm_config_node_options=--no-warnings"}
	// Corepack starts these package managers, and would download them.
	corepackWithout = []string{"COREPACK_ENABLE_NETWORK=0", "COREPACK_ENABLE_UNSAFE_CUSTOM_URLS=0", "COREPACK_ENV_FILE=0"}
	yarnWithout     = slices.Concat(corepackWithout, []string{"YARN_IGNORE_PATH=1", "YARN_ENABLE_CONSTRAINTS_CHECKS=false"})
	// pnpm would replace itself by the version that package.json names.
	pnpmWithout = slices.Concat(corepackWithout, []string{
		"npm_config_manage_package_manager_versions=false", "pnpm_config_manage_package_manager_versions=false",
		"pnpm_config_pm_on_fail=ignore",
	})
)

// yarnBerry is the package manager of Yarn 2 and later.
var yarnBerry = packageManager{
	lockfile: "yarn.lock", command: []string{"yarn", "install", "--immutable", "--mode=skip-build"}, settings: yarnWithout,
	rebuild: []string{"yarn", "rebuild"}, approves: true,
}

// runIn runs a package manager. If it fails, the error contains the start of its
// output.
func runIn(ctx context.Context, dir string, command []string, environment ...string) error {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), environment...)
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
		return fmt.Errorf("%s failed: %w", strings.Join(command[:2], " "), analyzer.WithoutPath(err))
	}
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(string(output), dir, ".")), "\n")
	if len(lines) > 6 {
		lines = lines[:6]
	}
	return fmt.Errorf("%s failed:\n  %s", strings.Join(command[:2], " "), strings.Join(lines, "\n  "))
}

// errNoManager names a package manager that is not on the PATH.
type errNoManager string

func (e errNoManager) Error() string { return string(e) + " is not on the PATH" }
