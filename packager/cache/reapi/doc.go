// Package reapi is a [cache.Store] on a server that speaks the cache part of Bazel's Remote
// Execution API v2 over gRPC.
// Source: github.com/bazelbuild/remote-apis, remote_execution.proto
//
//  1. [Client.Result] and [Client.SetResult] use the action cache.
//  2. [Client.Open] and [Client.Put] use the content-addressable storage: small blobs in one
//     message, others as a stream (stream.go).
//
// As with package httpcache, what comes is not believed, and no error holds a text that the
// server chose.
package reapi
