package node

import (
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// Files or folders of one folder whose names differ in case alone are twins.
// esbuild 0.28.2 takes two of them for one module, whichever it met first, and
// of a link that has a twin it follows either. A function that reaches twins is
// linked again with a mark behind the path of each, which tells them apart; the
// mark is taken off all that esbuild then says. Sources: internal/fs (entries
// are looked up in lower case) and internal/bundler (so are visited files).

// hasTwin reports whether an absolute path, or a folder on the way to it from
// the root, has a twin.
func (in *installed) hasTwin(file string) bool {
	if file == in.root || !inside(in.root, file) {
		return false
	}
	dir := filepath.Dir(file)
	if in.folded(dir)[strings.ToLower(filepath.Base(file))] {
		return true
	}
	in.mu.Lock()
	has, known := in.twinned[dir]
	in.mu.Unlock()
	if !known {
		has = in.hasTwin(dir)
		in.mu.Lock()
		in.twinned[dir] = has
		in.mu.Unlock()
	}
	return has
}

// folded returns the names in a folder, in lower case, that are there in more
// than one spelling.
func (in *installed) folded(dir string) map[string]bool {
	in.mu.Lock()
	twins, known := in.twins[dir]
	in.mu.Unlock()
	if known {
		return twins
	}
	entries, err := os.ReadDir(dir)
	if err == nil { // a folder of an archive has none that we know of
		seen := make(map[string]bool, len(entries))
		for _, entry := range entries {
			lower := strings.ToLower(entry.Name())
			if seen[lower] {
				if twins == nil {
					twins = map[string]bool{}
				}
				twins[lower] = true
			}
			seen[lower] = true
		}
	}
	in.mu.Lock()
	in.twins[dir] = twins
	in.mu.Unlock()
	return twins
}

// misses reports whether esbuild was led to a file that is there in another
// spelling only: ./user to User.ts, although user.js is meant.
func (in *installed) misses(file string) bool {
	if !inside(in.root, file) {
		return false
	}
	if _, err := os.Lstat(file); !os.IsNotExist(err) {
		return false
	}
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil {
		return false
	}
	for _, entry := range entries {
		if strings.EqualFold(entry.Name(), filepath.Base(file)) {
			return true
		}
	}
	return false
}

// exactly is the file that a relative specifier names in its own spelling,
// where esbuild found one in another.
func (in *installed) exactly(dir, specifier, found string) string {
	if !strings.HasPrefix(specifier, ".") || !in.misses(found) {
		return found
	}
	asked := filepath.Join(dir, filepath.FromSlash(specifier))
	for _, suffix := range exactSuffixes {
		if file := asked + filepath.FromSlash(suffix); in.isFile(file) {
			return file
		}
	}
	return found
}

// exactSuffixes is esbuild's order of extensions, and then what a folder offers.
var exactSuffixes = []string{"", ".tsx", ".ts", ".jsx", ".js", ".json", ".mjs", ".cjs", "/index.tsx", "/index.ts", "/index.jsx", "/index.js", "/index.json"}

// resolveTwins answers the requests that lead to a file with a twin.
func (r *resolver) resolveTwins(build api.PluginBuild) {
	if !r.exact {
		return
	}
	build.OnResolve(api.OnResolveOptions{Filter: "."}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
		if _, ours := args.PluginData.(own); ours {
			return api.OnResolveResult{}, nil
		}
		if args.Kind == api.ResolveEntryPoint {
			if real, err := filepath.EvalSymlinks(args.Path); err == nil && r.in.hasTwin(real) {
				return api.OnResolveResult{Path: real, Suffix: r.in.mark(real)}, nil
			}
			return api.OnResolveResult{}, nil
		}
		got := r.known.ask(build, args.ResolveDir, args.Path, args.Kind)
		if len(got.Errors) > 0 || got.External || got.Namespace != "file" {
			return api.OnResolveResult{}, nil
		}
		exact := r.in.exactly(args.ResolveDir, args.Path, got.Path)
		if exact == got.Path && !r.in.hasTwin(exact) {
			return api.OnResolveResult{}, nil
		}
		result := api.OnResolveResult{Path: exact}
		if r.in.hasTwin(exact) {
			result.Suffix = r.in.mark(exact)
		}
		if !got.SideEffects {
			result.SideEffects = api.SideEffectsFalse
		}
		return result, nil
	})
}

// mark is what esbuild keeps behind a path and does not read from the disk.
func (in *installed) mark(file string) string {
	h := fnv.New64a()
	h.Write([]byte(in.relative(file)))
	return fmt.Sprintf("?twin=%016x", h.Sum64())
}

var marks = regexp.MustCompile(`\?twin=[0-9a-f]{16}`)

// unmark takes the marks off a text of esbuild's.
func unmark(text string) string {
	if !strings.Contains(text, "?twin=") {
		return text
	}
	return marks.ReplaceAllString(text, "")
}

// unmarkMessages takes the marks off messages.
func unmarkMessages(messages []api.Message) []api.Message {
	for i := range messages {
		m := &messages[i]
		m.Text = unmark(m.Text)
		if m.Location != nil {
			m.Location.File = unmark(m.Location.File)
		}
		for n := range m.Notes {
			m.Notes[n].Text = unmark(m.Notes[n].Text)
			if at := m.Notes[n].Location; at != nil {
				at.File = unmark(at.File)
			}
		}
	}
	return messages
}

// linkedTwin names the link, relative to the root, behind which a package was
// found that has a twin in the same node_modules, as JSONStream and jsonstream
// may; "" without one.
func (in *installed) linkedTwin(dir, name string) string {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.linked[[2]string{dir, name}]
}

// noteLink keeps what linkedTwin tells of a package found at that place.
func (in *installed) noteLink(dir, name, candidate, real string) {
	if candidate == real || !in.folded(filepath.Dir(candidate))[strings.ToLower(filepath.Base(candidate))] {
		return
	}
	if info, err := os.Lstat(candidate); err == nil && info.Mode()&os.ModeSymlink != 0 {
		in.mu.Lock()
		in.linked[[2]string{dir, name}] = in.relative(candidate)
		in.mu.Unlock()
	}
}
