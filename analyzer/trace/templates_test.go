package trace

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/value"
)

func TestTemplatesBringWhatTheyName(t *testing.T) {
	for _, c := range []struct {
		name, file string
		files      fstest.MapFS
		want       []string
	}{
		{"ejs", "v/a.ejs", project("v/a.ejs=<%- include('b') %><% if (x) { %><%- include(\"sub/c.ejs\", { d: 1 }) %><% } %>", "v/b.ejs=<% include('sub/c') %>", "v/sub/c.ejs", "v/d.ejs"), []string{"v/a.ejs", "v/b.ejs", "v/sub/c.ejs"}},
		{"ejs, a name computed to its end", "v/a.ejs", project("v/a.ejs=<%- include('sub/' + x) %>", "v/b.ejs", "v/sub/c.ejs", "v/sub/d.txt"), []string{"v/a.ejs", "v/sub/c.ejs"}},
		{"ejs, a computed name", "v/a.ejs", project("v/a.ejs=<%- include(x) %>", "v/b.ejs", "v/b.txt", "c.ejs"), []string{"v/a.ejs", "v/b.ejs"}},
		{"eta, a layout", "v/a.eta", project("v/a.eta=<% layout('./base') %><%~ include('/part', it) %>", "v/base.eta", "part.eta"), []string{"part.eta", "v/a.eta", "v/base.eta"}},
		{"pug", "v/a.pug", project("v/a.pug=extends layout\nblock b\n  p include none\n  include ../n.md\n  include:markdown-it m.md", "v/layout.pug=html\n  include /top", "top.pug", "n.md", "v/m.md", "v/none.pug"), []string{"n.md", "top.pug", "v/a.pug", "v/layout.pug", "v/m.md"}},
		{"nunjucks in html", "v/a.html", project("v/a.html={% extends 'base.html' %}{%- import \"m.html\" as m %}<a href=\"b.html\">include</a>", "v/base.html", "v/m.html", "v/b.html"), []string{"v/a.html", "v/base.html", "v/m.html"}},
		{"liquid", "v/a.liquid", project("v/a.liquid={% render 'row', x: 1 %}", "v/row.liquid"), []string{"v/a.liquid", "v/row.liquid"}},
		{"handlebars", "v/a.hbs", project("v/a.hbs={{> row}} {{#> lay}}{{/lay}}", "v/row.hbs", "v/lay.hbs"), []string{"v/a.hbs", "v/lay.hbs", "v/row.hbs"}},
		{"mjml", "v/a.mjml", project("v/a.mjml=<mj-include path=\"./f.mjml\" /><mj-image src=\"i.png\" />", "v/f.mjml", "v/i.png"), []string{"v/a.mjml", "v/f.mjml"}},
		{"each other", "v/a.ejs", project("v/a.ejs=<%- include('b') %>", "v/b.ejs=<%- include('a') %>"), []string{"v/a.ejs", "v/b.ejs"}},
		{"nothing outside the root", "a.ejs", project("a.ejs=<%- include('../../etc/passwd') %><%- include('../' + x) %>", "b.ejs"), []string{"a.ejs"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := traceIn(c.files, Module{File: js.File{Path: "fn.js", Source: []byte("ejs.renderFile(__dirname + '/" + c.file + "')")}, PackageDir: "."})
			if err != nil || len(r.Assets) != 1 {
				t.Fatal(r, err)
			}
			if got := r.Assets[0].Files; !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func FuzzTemplates(f *testing.F) {
	f.Add(".ejs", "<%- include('a' + x) %><%- include(x) %>")
	f.Add(".pug", "extends a\n  include:b(c) ../d")
	f.Add(".mjml", "<mj-include path='x' />")
	f.Fuzz(func(t *testing.T, ext, text string) {
		files := fstest.MapFS{"v/a" + ext: {Data: []byte(text)}, "v/b" + ext: {Data: []byte("x")}}
		a := Asset{Files: []string{"v/a" + ext}}
		(&tracer{Evaluator: &value.Evaluator{Setting: value.Setting{Files: files}}, module: Module{File: js.File{Path: "fn.js"}, PackageDir: "."}}).included(&a, "v/a"+ext)
		for _, name := range a.Files {
			if files[name] == nil {
				t.Errorf("%q is no file of the project", name)
			}
		}
	})
}
