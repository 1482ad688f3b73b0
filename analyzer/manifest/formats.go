package manifest

import (
	"github.com/featherpack/featherpack/analyzer/manifest/cloudformation"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/serverless"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/manifest/terraform"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// format is a kind of manifest that declares functions.
type format struct {
	// name is the format's name in messages.
	name string
	// names are the file names that the framework looks for by default. A folder
	// should hold only one of them.
	names []string
	// mayBe reports whether another file name is possible. nil means that only the
	// default names are.
	mayBe func(name string) bool
	// claims is a quick check of the text of a file. nil accepts every text.
	claims func(content []byte) bool
	// fits checks the parsed document. nil accepts none.
	fits func(root *yamltree.Value) bool
	// included returns the files that the manifest includes, relative to it.
	included func(content []byte) []string
	// lastCounts is the tool that accepts a duplicate key in a mapping and uses the
	// last one. If it is "", a duplicate key is an error.
	lastCounts string
	// title returns the manifest's name for its service, or "".
	title func(declared.Input) string
	read  func(declared.Input, *service) declared.Found
}

// formats are the manifest formats of the frameworks.
var formats = []*format{
	{
		name:     "serverless",
		names:    serverless.Names,
		fits:     serverless.DocumentMatches,
		included: serverless.Included,
		title:    serverless.Title,
		read:     func(in declared.Input, _ *service) declared.Found { return serverless.Read(in) },
	},
	{
		name:       "template",
		names:      cloudformation.Names,
		mayBe:      cloudformation.NameMatches,
		claims:     cloudformation.TextMatches,
		lastCounts: "CloudFormation",
		fits:       cloudformation.DocumentMatches,
		read:       func(in declared.Input, _ *service) declared.Found { return cloudformation.Read(in) },
	},
	planFormat,
}

// planFormat is read only if --config names a plan, whatever the file's name. The
// search ignores plans: a plan is a snapshot that goes stale, and it holds
// secrets.
var planFormat = &format{
	name: "terraform",
	read: func(in declared.Input, s *service) declared.Found { return terraform.Read(in, s.plan) },
}

// settingsFormat is a featherpack.yaml that declares functions itself. configs.go
// finds those files.
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

// formatOf recognises a framework manifest by its document. It returns nil for any
// other document.
func formatOf(root *yamltree.Value) *format {
	for _, f := range formats {
		if f.fits != nil && f.fits(root) {
			return f
		}
	}
	return nil
}
