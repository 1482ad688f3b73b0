package render

import (
	"fmt"
	"io"

	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render/columns"
)

// Reasons writes the reasons for people, within the terminal's width.
func Reasons(w io.Writer, r reporters.Reasons, o TextOptions) error {
	p := newPrinter(w, o)
	p.Wrap(columns.Bold, "", "  ", columns.Clean(fmt.Sprintf("%s contains %s because of %s", r.Function, r.Package, reporters.Plural(len(r.Ways), "import", "imports"))))
	for _, v := range r.Versions {
		p.Wrap(columns.Plain, "  ", "    ", columns.Clean(fmt.Sprintf("%s %s: %s unzipped, about %s zipped", v.Name, v.Version, reporters.Size(v.Unzipped), reporters.Size(v.Zipped))))
	}
	p.Wrap(columns.Plain, "  ", "    ", fmt.Sprintf("removing it saves up to %s unzipped (about %s zipped), including packages that only it imports", reporters.Size(r.Unzipped), reporters.Size(r.Zipped)))
	for _, way := range r.Ways {
		p.Line("")
		saving := "saves nothing by itself: other imports also lead there"
		if way.Unzipped > 0 {
			saving = fmt.Sprintf("removing it saves up to %s unzipped, about %s zipped", reporters.Size(way.Unzipped), reporters.Size(way.Zipped))
		}
		at := way.Position.String()
		if at == "" && len(way.Chain) > 0 {
			at = way.Chain[0].Path
		}
		p.Wrap(columns.Bold, "", "  ", columns.Clean(at)+": "+saving)
		p.Wrap(columns.Plain, "  ", "    ", columns.Clean(reporters.ChainText(way.Chain, p.Mark(" → ", " > "))))
	}
	p.Line("")
	todo := "remove the imports above, or load the package only where it is used"
	if len(r.Ways) == 0 {
		todo = "featherpack report --verbose"
	} else if at := r.Ways[0].Position.String(); at != "" {
		todo = "look at " + columns.Clean(at)
	}
	p.Wrap(columns.Bold, "next: ", "      ", todo)
	return p.Flush()
}
