// Package reapitest is a server of the cache part of the Remote Execution API, in memory, for
// tests. [Server.Change] makes it lie.
package reapitest
