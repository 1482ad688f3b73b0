package hook

import "embed"

//go:embed README.md MIGRATING.md npm/README.md
var guides embed.FS

// Guide is the Markdown page about using each hook.
func Guide() string { return guide("README.md") }

// Migrating is the Markdown page about the settings of other bundlers.
func Migrating() string { return guide("MIGRATING.md") }

// Library is the Markdown page of the npm package.
func Library() string { return guide("npm/README.md") }

func guide(name string) string {
	text, err := guides.ReadFile(name)
	if err != nil {
		panic(err) // it is embedded above
	}
	return string(text)
}
