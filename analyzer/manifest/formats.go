package manifest

import (
	"github.com/featherpack/featherpack/analyzer/manifest/cloudformation"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/serverless"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/manifest/terraform"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// format is a kind of manifest that names functions.
type format struct {
	// name is the framework's, for messages.
	name string
	// names are the file names that its tools look for by default; a folder
	// may hold one of them.
	names []string
	// may reports by its name whether another file could be one; nil is never.
	may func(name string) bool
	// claims reports whether a text looks like one; nil is always.
	claims func(content []byte) bool
	// fits reports whether a document is one; nil is never.
	fits func(root *yamltree.Value) bool
	// included names the files that a manifest takes parts from, relative to it.
	included func(content []byte) []string
	// lastCounts names the tool that takes the last value if a mapping has a key
	// twice. "" means that such a manifest is wrong.
	lastCounts string
	// title is the name of the service in the manifest, "" if it has none.
	title func(declared.Input) string
	read  func(declared.Input, *service) declared.Found
}

// formats are the kinds of manifest that frameworks have.
var formats = []*format{
	{
		name:     "serverless",
		names:    serverless.Names,
		fits:     serverless.Fits,
		included: serverless.Included,
		title:    serverless.Title,
		read:     func(in declared.Input, _ *service) declared.Found { return serverless.Read(in) },
	},
	{
		name:       "template",
		names:      cloudformation.Names,
		may:        cloudformation.May,
		claims:     cloudformation.Claims,
		lastCounts: "CloudFormation",
		fits:       cloudformation.Fits,
		read:       func(in declared.Input, _ *service) declared.Found { return cloudformation.Read(in) },
	},
	planFormat,
}

// planFormat is read only if --config names a plan, by any file name. A plan is a
// snapshot that gets stale, and it holds secrets.
var planFormat = &format{
	name: "terraform",
	read: func(in declared.Input, s *service) declared.Found { return terraform.Read(in, s.plan) },
}

// settingsFormat is a featherpack.yaml that names functions itself. configs.go
// finds it.
var settingsFormat = &format{
	name: "featherpack",
	read: func(in declared.Input, _ *service) declared.Found { return settings.Functions(in.Root) },
}

func formatNamed(name string) *format {
	for _, f := range formats {
		if f.name == name {
			return f
		}
	}
	return nil
}

// formatOf recognises a framework's manifest by its document, nil for none.
func formatOf(root *yamltree.Value) *format {
	for _, f := range formats {
		if f.fits != nil && f.fits(root) {
			return f
		}
	}
	return nil
}
