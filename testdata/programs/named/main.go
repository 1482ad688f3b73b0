// Command named calls a method by a name that is constant.
package main

import (
	"os"
	"reflect"
)

type commands struct{}

func (commands) Hello() { os.Stdout.WriteString("hello\n") }

func main() {
	reflect.ValueOf(commands{}).MethodByName("Hello").Call(nil)
}
