package terraform

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path/filepath"
	"slices"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
)

// Flags are the flags of the build, from the command line and the query.
type Flags struct {
	Out, Functions, Stage, Config, Compress, SourceMap string
	Only, Entry, Params, AllowGoflags                  []string
	AllowScripts, AllowSecrets                         []string
	SourceMapPackages, AllowOutside                    bool
	Install, Boot                                      bool
}

// defaultFolder is the subfolder of the built folder that holds the zips. Other
// builds use another folder.
const defaultFolder = ".featherpack-terraform"

// Folder returns the folder for the zips. Each combination of flags has its own
// folder, because another query or build could otherwise change the zips before
// Terraform reads them. The path is not made absolute: it is stored in Terraform's
// state, and must be the same on every machine.
func (f Flags) Folder(dir string) string {
	base := f.Out
	if base == "" {
		base = filepath.Join(dir, defaultFolder)
	}
	return filepath.Join(base, f.digest()[:8])
}

// Open opens that folder. The default one must not be, or be below, a link.
func (f Flags) Open(ctx context.Context, dir string) (*outdir.Dir, error) {
	if f.Out != "" {
		return outdir.Open(ctx, dir, f.Folder(dir))
	}
	return outdir.OpenBelow(ctx, dir, filepath.Join(defaultFolder, f.digest()[:8]))
}

// digest returns a digest of the flags that affect the zips.
func (f Flags) digest() string {
	params := slices.Sorted(slices.Values(f.Params))
	all := []any{f.Functions, f.Stage, f.Config, f.Compress, f.SourceMap, f.Only, f.Entry, params, f.SourceMapPackages, f.AllowOutside}
	if len(f.AllowGoflags) > 0 {
		all = append(all, f.AllowGoflags)
	}
	if len(f.AllowScripts)+len(f.AllowSecrets) > 0 {
		all = append(all, f.AllowScripts, f.AllowSecrets)
	}
	text, err := json.Marshal(all)
	if err != nil {
		panic(err) // cannot happen: strings and booleans only
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
