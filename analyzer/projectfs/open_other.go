//go:build !unix

package projectfs

// nonblocking is for systems that have pipes in folders.
const nonblocking = 0
