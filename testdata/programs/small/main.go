// Command small calls its function by reflection, as a library for handlers does, and
// imports little.
package main

import (
	"os"
	"reflect"
)

var greeting = "hello "

func handle(name string) string { return greeting + name + os.Getenv("SUFFIX") }

func serve(handler any) {
	out := reflect.ValueOf(handler).Call([]reflect.Value{reflect.ValueOf("you")})
	os.Stdout.WriteString(out[0].String())
}

func main() { serve(handle) }
