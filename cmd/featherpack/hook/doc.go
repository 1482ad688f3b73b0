// Package hook holds the files that integrate featherpack with frameworks and CI.
//
// Each hook is small: it runs the binary, reads its JSON, and sets paths. The hooks are
// stored as users get them, except that [Hook.Render] replaces template actions between
// <% and %> (GitHub workflows use double braces themselves). The action <% template
// "client.js" . %> inserts the client that the JavaScript hooks share, so that a user's
// file has no dependencies.
package hook
