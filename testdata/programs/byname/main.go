// Command byname calls the method that its argument names.
package main

import (
	"os"
	"reflect"
)

type commands struct{}

func (commands) Hello() { os.Stdout.WriteString("hello\n") }

func main() { reflect.ValueOf(commands{}).MethodByName(os.Args[1]).Call(nil) }
