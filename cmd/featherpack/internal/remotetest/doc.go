// Package remotetest builds with remote caches that work, and with many that do not. The
// servers are real: nginx, and HTTP servers that misbehave in one way each.
package remotetest
