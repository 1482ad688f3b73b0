package projectfs

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
)

// FindRoot returns the outermost of the git root, the workspace root, the Go module's
// root and dir itself. dir is absolute, with symlinks resolved.
func FindRoot(dir string) string {
	root := dir
	git, workspace, module := false, false, false
	for at := dir; ; {
		if !git && exists(filepath.Join(at, ".git")) {
			root, git = at, true
		}
		if !workspace && isWorkspace(at) {
			root, workspace = at, true
		}
		if !module && exists(filepath.Join(at, "go.mod")) {
			root, module = at, true
		}
		parent := filepath.Dir(at)
		if parent == at {
			return root
		}
		at = parent
	}
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// isWorkspace reports whether dir is the root of an npm, Yarn, pnpm or Go
// workspace. Sources: docs.npmjs.com/cli/using-npm/workspaces,
// pnpm.io/pnpm-workspace_yaml, go.dev/ref/mod#workspaces
func isWorkspace(dir string) bool {
	if exists(filepath.Join(dir, "pnpm-workspace.yaml")) || exists(filepath.Join(dir, "go.work")) {
		return true
	}
	content, err := New(dir, Allowances{}).Read("package.json", maxPackageBytes)
	if err != nil || !bytes.Contains(content, []byte(`"workspaces"`)) {
		return false
	}
	var pkg struct {
		Workspaces json.RawMessage `json:"workspaces"`
	}
	return json.Unmarshal(content, &pkg) == nil && len(pkg.Workspaces) > 0 && string(pkg.Workspaces) != "null"
}

// maxPackageBytes bounds the size of a package.json that is read for its
// workspaces.
const maxPackageBytes = 2 << 20
