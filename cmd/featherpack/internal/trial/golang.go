package trial

import (
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/featherpack/featherpack/analyzer/gobin"
	"github.com/featherpack/featherpack/reporters"
)

// GoFolder returns the absolute path of the folder of a Go function's main package.
func (q Question) GoFolder() string {
	entry := path.Clean(q.Function.Entry)
	if strings.HasSuffix(entry, ".go") {
		entry = path.Dir(entry)
	}
	return filepath.Join(q.Project.Root, filepath.FromSlash(entry))
}

// GoOptions returns options to analyse the program as it was built: with the same
// tags and workspace.
func (q Question) GoOptions(f reporters.Function) gobin.Options {
	set := map[string]string{}
	for _, s := range f.Settings {
		set[s.Name] = s.Value
	}
	o := gobin.Options{
		GOOS: "linux", GOARCH: set["goarch"], CGO: set["cgo"] == "true", Root: q.Project.Root, Env: os.Environ(),
		Progress: func(stage string) { q.Options.Step("featherpack: %s: %s", q.Function.ID, stage) },
	}
	if set["tags"] != "" {
		o.Tags = strings.Split(set["tags"], ",")
	}
	if set["gowork"] == "" { // the build ignored a go.work that does not use the module
		o.Env = append(o.Env, "GOWORK=off")
	}
	return o
}
