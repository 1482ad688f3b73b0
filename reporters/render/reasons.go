package render

import (
	"bufio"
	"cmp"
	"fmt"
	"io"

	"github.com/featherpack/featherpack/reporters"
)

// WriteReasons tells them to people, within the terminal's width.
func Reasons(w io.Writer, r reporters.Reasons, o TextOptions) error {
	p := &printer{w: bufio.NewWriter(w), TextOptions: o, width: max(cmp.Or(o.Width, 80), 20)}
	p.wrap(bold, "", "  ", clean(fmt.Sprintf("%s holds %s for %s", r.Function, r.Package, reporters.Plural(len(r.Ways), "import", "imports"))))
	for _, v := range r.Versions {
		p.wrap(plain, "  ", "    ", clean(fmt.Sprintf("%s %s: %s unzipped, about %s zipped", v.Name, v.Version, reporters.Size(v.Unzipped), reporters.Size(v.Zipped))))
	}
	p.wrap(plain, "  ", "    ", fmt.Sprintf("without it, up to %s unzipped (about %s zipped) would go, with what only it brings", reporters.Size(r.Unzipped), reporters.Size(r.Zipped)))
	for _, way := range r.Ways {
		p.line("")
		saving := "saves nothing by itself: other imports lead there too"
		if way.Unzipped > 0 {
			saving = fmt.Sprintf("removing it saves up to %s unzipped, about %s zipped", reporters.Size(way.Unzipped), reporters.Size(way.Zipped))
		}
		at := way.Position.String()
		if at == "" && len(way.Chain) > 0 {
			at = way.Chain[0].Path
		}
		p.wrap(bold, "", "  ", clean(at)+": "+saving)
		p.wrap(plain, "  ", "    ", clean(reporters.ChainText(way.Chain, p.mark(" → ", " > "))))
	}
	p.line("")
	todo := "remove the imports above, or load the package only where it is used"
	if len(r.Ways) == 0 {
		todo = "featherpack report --verbose"
	} else if at := r.Ways[0].Position.String(); at != "" {
		todo = "look at " + clean(at)
	}
	p.wrap(bold, "next: ", "      ", todo)
	return p.w.Flush()
}
