package packager

import (
	"path"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/analyzer/secrets"
)

// Secret says what secret a file of the project holds. It is judged by every name: those
// that lead to it, relative to the root, and where it really lies. Everything that goes
// into an artifact, a source map or a report is judged, whatever puts it there.
func Secret(project *projectfs.FS, place projectfs.Place, names ...string) secrets.Finding {
	var head []byte
	if size := place.Info.Size(); size > 0 && size <= secrets.MaxBytes {
		head, _ = project.Head(place.Path, secrets.HeadBytes) // packing it reports what cannot be read
	}
	if real, ok := project.Relative(place.Path); ok {
		names = append(names, real)
	}
	var found secrets.Finding
	for _, name := range names {
		if found = secrets.Judge(name, head); found.What != "" {
			break
		}
	}
	return found
}

// SecretAllowed reports whether build.allowSecrets names a file, by its path relative to
// the service's folder or to the root.
func SecretAllowed(f analyzer.Function, name string) bool {
	return slices.ContainsFunc(f.Build.AllowSecrets, func(allowed string) bool {
		return path.Clean(allowed) == name || path.Join(f.ServiceDir, allowed) == name
	})
}
