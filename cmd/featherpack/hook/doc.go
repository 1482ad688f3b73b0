// Package hook holds the files that plug featherpack into frameworks and CI.
//
// Each hook is thin: it calls the binary, reads its JSON, and sets paths. The
// files lie beside this one as users get them, but for two things that [Hook.Render]
// does: values between <% and %> are filled in (workflows have their own double
// braces), and a line `<% template "client.js" . %>` takes in the client that the JavaScript hooks share, so
// that every file a user gets stands alone.
package hook
