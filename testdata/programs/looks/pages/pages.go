// Package pages reads one of its files by name, and leaves one unread.
package pages

import "embed"

//go:embed index.html old.html
var files embed.FS // advice: embedded-not-read

// Index is the page for a name.
func Index(name string) string {
	page, err := files.ReadFile("index.html")
	if err != nil {
		return name
	}
	return string(page)
}
