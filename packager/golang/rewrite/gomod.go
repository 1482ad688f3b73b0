package rewrite

import (
	"fmt"
	"maps"
	"slices"

	"golang.org/x/mod/modfile"
)

// Replace makes a go.mod use folders in place of modules. The folders are keyed by
// module path. Existing replacements of those modules are overridden.
func Replace(mod []byte, folders map[string]string) ([]byte, error) {
	file, err := modfile.Parse("go.mod", mod, nil)
	if err != nil {
		return nil, err
	}
	for _, module := range slices.Sorted(maps.Keys(folders)) {
		for _, r := range slices.Clone(file.Replace) {
			if r.Old.Path != module {
				continue
			}
			if err := file.DropReplace(r.Old.Path, r.Old.Version); err != nil {
				return nil, err
			}
		}
		if err := file.AddReplace(module, "", folders[module], ""); err != nil {
			return nil, fmt.Errorf("replacing %s: %w", module, err)
		}
	}
	file.Cleanup()
	return file.Format()
}
