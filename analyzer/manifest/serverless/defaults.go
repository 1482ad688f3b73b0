package serverless

import (
	"encoding/json"
	"path"
	"regexp"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
)

// The framework writes these into its template, so they replace Lambda's own
// defaults. They are the same in the versions 1 to 4 of serverless and in osls, and
// the best guess for a value that is known only once deployed.
// Source: lib/plugins/aws/package/compile/functions.js
const (
	defaultMemoryMB       = 1024
	defaultTimeoutSeconds = 6
)

// defaultRuntimes are the runtimes of functions without one, by the package of the
// framework and its major version.
// Source: getRuntime in lib/plugins/aws/provider.js of serverless 3.40.0 and osls 4.3.1, and
// in packages/serverless of github.com/serverless/serverless for version 4, where pull
// request 12487 set it.
var defaultRuntimes = map[string]string{"serverless 3": "nodejs16.x", "serverless 4": "nodejs20.x", "osls 4": "nodejs24.x"}

// defaultRuntime gives a function without a runtime the one of the framework that is
// installed, or else of the version that the manifest asks for.
func (s *reader) defaultRuntime(f *declared.Function) {
	framework, version := s.framework()
	if version == "" {
		if v := s.Get(s.Root, "frameworkVersion").Settled(); v.Scalar() {
			if asked := frameworkVersion.FindStringSubmatch(v.Text); asked != nil {
				framework, version = "serverless", asked[1]
			}
		}
	}
	major, _, _ := strings.Cut(version, ".")
	runtime := defaultRuntimes[framework+" "+major]
	if runtime == "" {
		return
	}
	f.Runtime, f.RuntimeAt = runtime, f.Position
	f.Report(analyzer.Problem(analyzer.Note, "default-runtime", f.Position, "write the runtime into the manifest",
		"has no runtime, so %s %s gives it %s", framework, version, runtime))
}

// frameworkVersion matches a range of versions that begins with one: 4, ^4.1.0, ~3.
var frameworkVersion = regexp.MustCompile(`^[~^v= ]*([0-9]+(?:\.[0-9]+)*)(?:\.[xX*])?$`)

// maxManifest is far larger than any package.json.
const maxManifest = 1 << 20

// framework returns the installed framework, nearest to the manifest, and its version.
func (s *reader) framework() (name, version string) {
	for dir := path.Clean(s.Dir); ; dir = path.Dir(dir) {
		for _, name := range []string{"osls", "serverless"} {
			text, err := s.Read(path.Join(dir, "node_modules", name, "package.json"), maxManifest)
			var m struct{ Version string }
			if err == nil && json.Unmarshal(text, &m) == nil && m.Version != "" {
				return name, m.Version
			}
		}
		if dir == "." {
			return "", ""
		}
	}
}
