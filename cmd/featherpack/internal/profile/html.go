package profile

import (
	"fmt"
	"io"

	"github.com/featherpack/featherpack/reporters/page"
)

// HTML writes the profile as a page with a flame chart and a table.
func HTML(w io.Writer, p Profile) error {
	text := fmt.Sprintf("%s loads in %.1f ms", p.Function, p.Load.Millis)
	return page.WriteProfile(w, "featherpack: "+text, text, p)
}
