// Package icons reads its files by computed names.
package icons

import "embed"

//go:embed *.svg
var icons embed.FS // silent: embedded-not-read

// Of is the icon for a name.
func Of(name string) []byte {
	icon, err := icons.ReadFile(name + ".svg")
	if err != nil {
		return nil
	}
	return icon
}
