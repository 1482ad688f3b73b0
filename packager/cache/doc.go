// Package cache keeps the results of work by what they were made from.
//
//  1. [Store] keeps blobs by their SHA-256 and results by the digest of an [Action].
//     [Disk] is the store in a folder. A damaged entry is a miss.
//     Below this package, httpcache is a store on a server and remote decides how far a
//     server is used.
//  2. [Action], [Command] and [Directory] are encoded as in Bazel's Remote Execution
//     API, so that a remote cache can keep the same results under the same keys.
package cache
