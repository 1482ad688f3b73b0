package js

import "strings"

// builtins are the modules of Node 24 that are not of a scheme of their own
// (https://nodejs.org/docs/latest-v24.x/api/modules.html#built-in-modules).
var builtins = func() map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq("assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib") {
		m[name] = true
	}
	return m
}()

// Builtin says that a specifier names a module of Node itself.
func Builtin(s string) bool {
	name, _, _ := strings.Cut(s, "/")
	return strings.HasPrefix(s, "node:") || builtins[name]
}

// PackageOf is the package that a bare specifier names.
func PackageOf(specifier string) string {
	parts := strings.SplitN(specifier, "/", 3)
	if strings.HasPrefix(specifier, "@") && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}
