// Package remote uses a cache that many machines share, without trusting the server or the
// way to it.
//
//  1. [Open] reads the address. Credentials come from the environment only (address.go).
//  2. [Cache.Fetch] runs what gets results from the server, [Cache.Upload] what puts some
//     there in the background. [Cache.Result], [Cache.Bring] and [Cache.Send] are their
//     requests, a limited number at a time (cache.go).
//  3. [Cache.Close] waits for the uploads.
//
// All waiting of a run together may cost a few seconds more than it brings (allowance.go).
// After a few failures or a refusal, or when the time is over, the server is not asked any
// more, and one warning says why. No failure of a server is an error of the run.
package remote
