// Package httpcache is a [cache.Store] on a server that speaks Bazel's HTTP cache protocol:
// GET and PUT of /ac/SHA256 for results and /cas/SHA256 for blobs. nginx with WebDAV does,
// and so do bazel-remote and the caches of most build tools.
// Source: bazel.build/remote/caching#http-caching
//
//  1. [Client.Open] and [Client.Result] get. What comes is not believed: a blob must have its
//     digest, and a result must be that of its action.
//  2. [Client.Put] and [Client.SetResult] put.
//
// Credentials go to the server alone: a redirect to any other host is an error. No error
// holds a text that the server chose, nor a credential.
package httpcache
