// Package stall ends a request to a server that makes no progress, however long it may take
// otherwise. [Start] watches one, [Watch.Progress] says that something came or went, and
// [Watch.End] is called at its end.
package stall
