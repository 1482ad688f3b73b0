package node

import (
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// esbuild 0.28.2 looks files up without regard to case, so of two names that
// differ in case alone it finds one, whichever is asked for. A function whose
// graph shows such a mistake is linked again with its folder's names resolved
// here.

// exactly is the file that a relative specifier names letter by letter, where
// esbuild found its twin; else what esbuild found.
func (in *installed) exactly(dir, specifier, found string) string {
	if !strings.HasPrefix(specifier, ".") {
		return found
	}
	asked := filepath.Join(dir, filepath.FromSlash(specifier))
	if strings.HasPrefix(found, asked) {
		return found
	}
	exact := ""
	if len(found) >= len(asked) && strings.EqualFold(found[:len(asked)], asked) { // the name, or what it is short for
		exact = asked + found[len(asked):]
	} else if stem, other := withoutExt(asked), withoutExt(found); strings.EqualFold(stem, other) { // .js for .ts
		exact = stem + filepath.Ext(found)
	}
	if exact == "" || exact == found || !in.isFile(exact) {
		return found
	}
	one, err := os.Stat(exact)
	other, missing := os.Stat(found)
	if err != nil || missing != nil || os.SameFile(one, other) {
		return found // a disk on which both are one
	}
	return exact
}

func withoutExt(file string) string { return strings.TrimSuffix(file, filepath.Ext(file)) }

// mistaken returns the folders, relative to the root, in which a file was taken
// for its twin.
func (b *builder) mistaken(result linked, inputs map[string]metaInput) []string {
	dirs := map[string]bool{}
	for _, importer := range result.reached {
		for _, im := range inputs[importer].Imports {
			if im.External || !strings.HasPrefix(im.Original, ".") || !foldedOnly(im.Original, im.Path) {
				continue
			}
			if found := b.absolute(im.Path); b.in.exactly(filepath.Dir(b.absolute(importer)), im.Original, found) != found {
				dirs[path.Dir(im.Path)] = true
			}
		}
	}
	return sortedKeys(dirs)
}

// foldedOnly says, without a look at the disk, that a specifier's name is not in
// the path it led to.
func foldedOnly(specifier, file string) bool {
	name := strings.TrimSuffix(path.Base(specifier), path.Ext(specifier))
	return name != "." && name != ".." && !strings.Contains(file, name)
}

// resolveTwins answers relative requests into folders that hold twins.
func (r *resolver) resolveTwins(build api.PluginBuild) {
	if len(r.twins) == 0 {
		return
	}
	build.OnResolve(api.OnResolveOptions{Filter: `^\.`}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
		if _, ours := args.PluginData.(own); ours || args.Kind == api.ResolveEntryPoint {
			return api.OnResolveResult{}, nil
		}
		got := build.Resolve(args.Path, api.ResolveOptions{Importer: args.Importer, ResolveDir: args.ResolveDir, Kind: args.Kind, PluginData: own{}})
		if len(got.Errors) > 0 || got.External || got.Namespace != "file" {
			return api.OnResolveResult{}, nil
		}
		exact := r.in.exactly(args.ResolveDir, args.Path, got.Path)
		if exact == got.Path {
			return api.OnResolveResult{}, nil
		}
		result := api.OnResolveResult{Path: exact}
		if !got.SideEffects {
			result.SideEffects = api.SideEffectsFalse
		}
		return result, nil
	})
}
