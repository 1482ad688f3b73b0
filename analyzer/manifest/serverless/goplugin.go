package serverless

import (
	"path"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/goflags"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// goPlugin reads the settings of serverless-go-plugin: the folder that handlers
// are relative to, and the tags and linker flags of its command. Source:
// github.com/mthenw/serverless-go-plugin
func (s *reader) goPlugin(f *declared.Function) {
	plugin := s.settled(f.Report, "custom.go", s.Get(s.Root, "custom", "go"))
	if plugin == nil || plugin.Kind != yamltree.Mapping {
		return
	}
	if base := s.known(f, "custom.go.baseDir", s.Get(plugin, "baseDir")); base != nil {
		dir := path.Join(s.Dir, base.Text)
		if path.IsAbs(base.Text) || !projectfs.Inside(dir) {
			f.Report(analyzer.Problem(analyzer.Refused, "handler-outside", base.At, "nothing outside the project's root is packed", "custom.go.baseDir leaves the project's root"))
			return
		}
		f.CodeDir = dir
	}
	// A command may contain secrets, so no message quotes it.
	cmd := s.settled(f.Report, "custom.go.cmd", s.Get(plugin, "cmd"))
	if cmd.Unknown() {
		d := s.unusable("custom.go.cmd", cmd)
		d.Severity = analyzer.Warning
		f.Report(d)
	} else if cmd.Scalar() {
		f.Build.Tags, f.Build.LDFlags = goflags.OfCommand(cmd.Text)
	}
}
