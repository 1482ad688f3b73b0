package js

import "strings"

// PackageName is the package of a bare specifier: "@scope/name/sub" is
// "@scope/name"; "" for relative, absolute and "#internal" ones.
func PackageName(specifier string) string {
	if specifier == "" || strings.ContainsAny(specifier[:1], "./#") || strings.Contains(specifier, ":") {
		return ""
	}
	first, rest, _ := strings.Cut(specifier, "/")
	if !strings.HasPrefix(first, "@") {
		return first
	}
	second, _, _ := strings.Cut(rest, "/")
	if second == "" {
		return ""
	}
	return first + "/" + second
}

// Builtin reports whether the specifier is a module that Node brings itself.
func Builtin(specifier string) bool {
	if strings.HasPrefix(specifier, "node:") {
		return true
	}
	first, _, sub := strings.Cut(specifier, "/")
	if sub { // "punycode/" and "process/browser" are npm's
		return builtinParts[specifier]
	}
	return builtins[first]
}

// builtinParts are those with a slash. Source: as below.
var builtinParts = map[string]bool{
	"assert/strict": true, "dns/promises": true, "fs/promises": true, "inspector/promises": true, "path/posix": true,
	"path/win32": true, "readline/promises": true, "stream/consumers": true, "stream/promises": true, "stream/web": true,
	"timers/promises": true, "util/types": true,
}

// builtins are the modules Node resolves without "node:".
// Source: module.builtinModules of Node 18 to 24.
var builtins = map[string]bool{
	"_http_agent": true, "_http_client": true, "_http_common": true, "_http_incoming": true, "_http_outgoing": true,
	"_http_server": true, "_stream_duplex": true, "_stream_passthrough": true, "_stream_readable": true,
	"_stream_transform": true, "_stream_wrap": true, "_stream_writable": true, "_tls_common": true, "_tls_wrap": true,
	"assert": true, "async_hooks": true, "buffer": true, "child_process": true, "cluster": true, "console": true,
	"constants": true, "crypto": true, "dgram": true, "diagnostics_channel": true, "dns": true, "domain": true,
	"events": true, "fs": true, "http": true, "http2": true, "https": true, "inspector": true, "module": true,
	"net": true, "os": true, "path": true, "perf_hooks": true, "process": true, "punycode": true,
	"querystring": true, "readline": true, "repl": true, "stream": true, "string_decoder": true, "sys": true,
	"timers": true, "tls": true, "trace_events": true, "tty": true, "url": true, "util": true, "v8": true,
	"vm": true, "wasi": true, "worker_threads": true, "zlib": true,
}
