package terraform

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path/filepath"
	"slices"
)

// Flags are those of the build, as typed and with the question laid over them.
type Flags struct {
	Out, Functions, Stage, Config, Compress, SourceMap string
	Only, Entry, Params, AllowGoflags                  []string
	SourceMapPackages, AllowOutside                    bool
	Install, Boot                                      bool
}

// defaultFolder is the folder below the one that is built where answers keep their
// zips, apart from those of a build by hand.
const defaultFolder = ".featherpack-terraform"

// Folder is where the zips go: a folder of its own for every way of
// building, since one that another question or a build by hand writes to would
// hold other bytes by the time Terraform reads them. It is spelled as the
// question spells it and not made absolute: paths end up in Terraform's state,
// and must not differ from machine to machine.
func (f Flags) Folder(dir string) string {
	base := f.Out
	if base == "" {
		base = filepath.Join(dir, defaultFolder)
	}
	return filepath.Join(base, f.way()[:8])
}

// way is a digest of the flags that bear on the zips.
func (f Flags) way() string {
	params := slices.Sorted(slices.Values(f.Params))
	all := []any{f.Functions, f.Stage, f.Config, f.Compress, f.SourceMap, f.Only, f.Entry, params, f.SourceMapPackages, f.AllowOutside}
	if len(f.AllowGoflags) > 0 {
		all = append(all, f.AllowGoflags)
	}
	text, err := json.Marshal(all)
	if err != nil {
		panic(err) // texts and truths only
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
