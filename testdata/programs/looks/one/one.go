// Package one registers something of the project's own.
package one

import "expvar"

var started = expvar.NewInt("started")

func init() { started.Add(1) }
