package install

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"

	"github.com/featherpack/featherpack/analyzer"
)

// Like are the options of [PackagesLike].
type Like struct {
	Options
	// Head is the checkout whose packages are installed. Tree is the folder that the
	// other version is checked out to; nothing outside it is written.
	Head, Tree string
	// Install allows to install packages that Head does not have.
	Install bool
}

// PackagesLike provides the packages of p, another version of the project in Head. It
// uses those that the version holds itself, or links to those of Head if the lockfiles
// are equal. Otherwise it installs from p's own lockfile, under Head's settings, if
// that is allowed.
func PackagesLike(ctx context.Context, p analyzer.Project, functions []analyzer.Function, o Like) error {
	for _, dir := range lockedDirs(p, functions) {
		where, err := filepath.Rel(o.Tree, dir)
		if err != nil {
			return err
		}
		if err := judgeFolders(o.Tree, dir); err != nil {
			return err
		}
		modules := filepath.Join(dir, "node_modules")
		if exists(modules) || exists(filepath.Join(dir, ".pnp.cjs")) {
			continue // the version holds its packages
		}
		head := filepath.Join(o.Head, where)
		same := sameLock(o.Tree, dir, o.Head, head)
		if same && exists(filepath.Join(head, "node_modules")) && share(ctx, filepath.Join(head, "node_modules"), modules) == nil {
			continue
		}
		if !o.Install {
			if same || needsNothing(o.Tree, dir) {
				continue // this checkout is built without packages too
			}
			return analyzer.Diagnostic{
				Code: "baseline-packages", Severity: analyzer.Error, Position: analyzer.Position{File: filepath.ToSlash(where)},
				Message: "the baseline needs other packages than are installed here, because its lockfile is another one",
				Hint:    "add --install to install them, or compare with a saved report: --compare-to FILE",
			}
		}
		if err := os.RemoveAll(modules); err != nil { // what a failed copy left
			return installError(where, analyzer.WithoutPath(err), "")
		}
		if err := copySettings(o.Head, o.Tree, where); err != nil {
			return err
		}
		if err := installIn(ctx, p.Root, dir, scriptsOf(p, functions, dir), o.Options); err != nil {
			return err
		}
	}
	return nil
}

// judgeFolders refuses a folder whose packages would be written or removed outside
// the root, because it or a folder of packages is a link.
func judgeFolders(root, dir string) error {
	for _, name := range []string{".", "node_modules", ".yarn"} {
		at := filepath.Join(dir, name)
		real, err := filepath.EvalSymlinks(at)
		if errors.Is(err, fs.ErrNotExist) {
			if _, err := os.Lstat(at); errors.Is(err, fs.ErrNotExist) {
				continue
			}
		}
		top, rootErr := filepath.EvalSymlinks(root)
		where, relErr := filepath.Rel(root, at)
		if err == nil && rootErr == nil && relErr == nil {
			if rel, err := filepath.Rel(top, real); err == nil && filepath.IsLocal(rel) {
				continue
			}
		}
		return analyzer.Diagnostic{
			Code: "packages-outside", Severity: analyzer.Refused, Position: analyzer.Position{File: filepath.ToSlash(where)},
			Message: "this link leads outside the project's root, so packages would be removed or written there",
			Hint:    "remove the link",
		}
	}
	return nil
}

// share makes a copy of a folder of packages, of hard links where possible.
func share(ctx context.Context, from, to string) error {
	if exec.CommandContext(ctx, "cp", "-al", "--", from, to).Run() == nil {
		return nil
	}
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return exec.CommandContext(ctx, "cp", "-a", "--", from, to).Run()
}

// needsNothing reports whether a folder without a lockfile names no packages.
func needsNothing(root, dir string) bool {
	d, err := dependencies(root, dir)
	return managerOf(dir).lockfile == "" && err == nil && len(d.Dependencies)+len(d.OptionalDependencies)+len(d.DevDependencies) == 0
}

// sameLock reports whether two versions of a folder have the same packages.
func sameLock(rootA, a, rootB, b string) bool {
	m := managerOf(a)
	if m.lockfile != managerOf(b).lockfile {
		return false
	}
	if m.lockfile != "" {
		x, errX := readConfig(rootA, filepath.Join(a, m.lockfile))
		y, errY := readConfig(rootB, filepath.Join(b, m.lockfile))
		return errX == nil && errY == nil && string(x) == string(y)
	}
	x, errX := dependencies(rootA, a)
	y, errY := dependencies(rootB, b)
	return errX == nil && errY == nil && reflect.DeepEqual(x, y)
}

// dependencies reads what package.json says about the packages of a folder.
func dependencies(root, dir string) (d struct {
	Dependencies, OptionalDependencies, DevDependencies map[string]any
	PeerDependencies, Overrides, Resolutions            any
}, err error) {
	text, err := readConfig(root, filepath.Join(dir, "package.json"))
	if err == nil {
		err = json.Unmarshal(text, &d)
	}
	return d, err
}

// copySettings gives another version the settings of the package manager that head
// has, in the folder where and those above it.
func copySettings(head, tree, where string) error {
	from, err := os.OpenRoot(head)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenRoot(tree)
	if err != nil {
		return err
	}
	defer to.Close()
	for at := where; ; at = filepath.Dir(at) {
		for _, name := range []string{".npmrc", ".yarnrc", ".yarnrc.yml", ".pnpmfile.cjs", ".pnpmfile.mjs"} {
			file := filepath.Join(at, name)
			err := to.Remove(file)
			if errors.Is(err, fs.ErrNotExist) {
				err = nil
			}
			if err == nil {
				err = copySetting(from, to, file)
			}
			if err != nil {
				return installError(at, fmt.Errorf("taking over %s: %w", name, analyzer.WithoutPath(err)), "")
			}
		}
		if at == "." {
			return nil
		}
	}
}

func copySetting(from, to *os.Root, file string) error {
	info, err := from.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || info.Size() > maxConfig {
		return errors.New("it is not a regular file of ordinary size")
	}
	text, err := from.ReadFile(file)
	if err != nil {
		return err
	}
	return to.WriteFile(file, text, 0o600)
}
