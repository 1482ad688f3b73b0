// Package docs holds featherpack's reference pages and prints them.
//
//  1. [Topics] lists the pages in the order that help shows them. Most are the
//     Markdown files of this folder; the pages about hooks lie beside the hooks.
//  2. [Topic.Markdown] is a page's text, as GitHub shows it.
//  3. [Print] writes Markdown to a terminal: headings, paragraphs, lists, code
//     and tables, wrapped to a width.
//
// Tables between the comments "generated: NAME" and "end of generated" are
// written by a test of the command (go test ./cmd/featherpack -run TestDocs -update).
package docs
