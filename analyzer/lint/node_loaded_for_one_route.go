package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// fewestWays is the number of ways that a request may take from which one of them counts as
// rare.
const fewestWays = 3

// documents are packages that make or read documents, images and archives. They take long to
// load, and most requests do without them, so one way beside another is enough.
var documents = map[string]bool{
	"pdfkit": true, "pdf-lib": true, "pdfmake": true, "jspdf": true, "pdf-parse": true, "pdfjs-dist": true, "@react-pdf/renderer": true,
	"puppeteer": true, "puppeteer-core": true, "playwright": true, "playwright-core": true, "@sparticuz/chromium": true,
	"sharp": true, "jimp": true, "canvas": true, "@napi-rs/canvas": true, "gm": true, "satori": true, "@resvg/resvg-js": true,
	"exceljs": true, "xlsx": true, "docx": true, "docxtemplater": true, "pptxgenjs": true, "mammoth": true,
	"archiver": true, "jszip": true, "adm-zip": true, "yazl": true, "chart.js": true, "chartjs-node-canvas": true, "qrcode": true, "bwip-js": true,
}

// loadedForOneRoute finds packages and modules that are loaded at start and used only for one
// of several routes, or for requests with one of several values. Package advise leaves out
// those that something else loads too, and small ones.
func (m *module) loadedForOneRoute() {
	m.loads(func(l loaded) {
		var all [][]*js.Node
		for _, use := range l.uses {
			all = append(all, m.conditions(use, m.way))
		}
		for _, way := range common(all) {
			text, ways := m.describe(way)
			if ways < fewestWays && !documents[l.pkg] || m.onlyAfterFailure(l) {
				continue
			}
			m.add(l.at, l.later(text, " if few requests take that way", "request that takes that way"))
			return
		}
	})
}

// way is the node under which code runs only for one kind of requests: a branch or a case of
// code that compares something of the request with a string, a route of a web framework, or an
// entry of a table of functions.
func (m *module) way(of, p *js.Node) *js.Node {
	switch p.Kind {
	case js.If, js.Cond:
		if p.Y == of && compared(p.X) != nil {
			return p
		}
	case js.Binary:
		if p.Op == js.OpAnd && p.Y == of && compared(p.X) != nil {
			return p
		}
	case js.Case:
		if p.X != nil && p.X != of && p.X.IsPlainString() && ofRequest(p.Parent.X) && !fallsInto(p) {
			return p
		}
	case js.Call:
		if _, ok := m.route(p); ok && p.List[0] != of && p.X != of && (isFunction(of) || of.Kind == js.Name || of.Kind == js.Member) {
			return p
		}
	case js.Property:
		if p.Y == of && p.Name != "" && m.table(p.Parent) {
			return p
		}
	}
	return nil
}

// compared returns the comparison of something of the request with a string in a condition,
// nil if there is none that always has to hold.
func compared(n *js.Node) *js.Node {
	switch {
	case n.Kind == js.Binary && n.Op == js.OpAnd:
		if left := compared(n.X); left != nil {
			return left
		}
		return compared(n.Y)
	case n.Kind == js.Binary && n.Op == js.OpEqual && n.Y.IsPlainString() && ofRequest(n.X):
		return n
	}
	return nil
}

// ofRequest reports whether an expression is a name or a member that may differ between calls
// of the function that it is in.
func ofRequest(n *js.Node) bool {
	if n.Kind == js.Call && n.X.Kind == js.Member && len(n.List) == 0 { // event.httpMethod.toUpperCase()
		return ofRequest(n.X.X)
	}
	fn := nearest(n)
	return fn != nil && (n.Kind == js.Name || n.Kind == js.Member || n.Kind == js.Index) && !tested(n) && dependsOnCall(n, fn)
}

// tested matches what tells kinds of errors and of values, not of requests.
func tested(n *js.Node) bool {
	return n.Kind == js.Member && (n.Name == "code" || n.Name == "constructor")
}

// fallsInto reports whether the case before one ends without leaving the switch.
func fallsInto(c *js.Node) bool {
	i := slices.Index(c.Parent.List, c)
	if i <= 0 {
		return false
	}
	before := c.Parent.List[i-1].List
	if len(before) == 1 && before[0].Kind == js.Block {
		before = before[0].List
	}
	if len(before) == 0 {
		return true
	}
	last := before[len(before)-1]
	return last.Kind != js.Return && (last.Kind != js.Empty || last.Name == "")
}

// route returns the method and the path of a call that adds a route to the application of a
// web framework.
func (m *module) route(call *js.Node) (text string, ok bool) {
	if !m.routed(call) || len(call.List) < 2 || !call.List[0].IsPlainString() || nearest(call) != nil || call.X.Name == "addHook" {
		return "", false
	}
	if path := plain(call.List[0]); (call.X.Name == "use" || call.X.Name == "all") && (path == "*" || path == "/" || path == "/*") {
		return "", false // for all requests
	}
	return strings.ToUpper(call.X.Name) + " " + plain(call.List[0]), true
}

// plain is the value of a string without expressions.
func plain(n *js.Node) string {
	if n.Kind == js.Template {
		return strings.Join(n.Texts, "")
	}
	return n.Name
}

// table reports whether an object only serves to choose one of its functions by a key that is
// not constant.
func (m *module) table(object *js.Node) bool {
	d := object.Parent
	if object.Kind != js.Object || d == nil || d.Kind != js.Declare || d.X.Kind != js.Name || d.X.Scope == nil {
		return false
	}
	b := d.X.Scope.Find(d.X.Name)
	if b == nil || b.Exported || len(b.Writes) != 1 {
		return false
	}
	chosen := false
	for _, ref := range b.Refs {
		switch p := ref.Parent; {
		case ref == d.X:
		case p.Kind == js.Index && p.X == ref && ofRequest(p.Y):
			chosen = true
		default:
			return false
		}
	}
	return chosen
}

// describe says when a way is taken, and how many there are beside it, itself included.
func (m *module) describe(way *js.Node) (text string, ways int) {
	switch way.Kind {
	case js.Call:
		text, _ = m.route(way)
		all := map[string]bool{}
		m.atLoad(func(n *js.Node) {
			if n.Kind == js.Call && m.routed(n) {
				if other, ok := m.route(n); ok {
					all[other] = true
				}
			}
		})
		return fmt.Sprintf("for the route %s, one of %d", text, len(all)), len(all)
	case js.Property:
		ways = len(way.Parent.List)
		return fmt.Sprintf("for %q, one of %d", way.Name, ways), ways
	}
	var subject, value *js.Node
	if way.Kind == js.Case {
		subject, value = way.Parent.X, way.X
	} else {
		c := compared(way.X)
		subject, value = c.X, c.Y
	}
	name := m.text.Source[subject.Start:subject.End]
	values := map[string]bool{}
	m.each(func(n *js.Node) {
		switch {
		case n.Kind == js.Binary && (n.Op == js.OpEqual || n.Op == js.OpNotEqual) && n.Y.IsPlainString() && m.text.Source[n.X.Start:n.X.End] == name:
			values[plain(n.Y)] = true
		case n.Kind == js.Case && n.X == nil && m.text.Source[n.Parent.X.Start:n.Parent.X.End] == name:
			values["default"] = true
		case n.Kind == js.Case && n.X != nil && n.X.IsPlainString() && m.text.Source[n.Parent.X.Start:n.Parent.X.End] == name:
			values[plain(n.X)] = true
		}
	})
	return fmt.Sprintf("where %s is %q", name, plain(value)), len(values)
}
