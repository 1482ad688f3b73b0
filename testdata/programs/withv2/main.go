//go:build goexperiment.jsonv2

// Command withv2 uses encoding/json/v2 itself.
package main

import (
	"encoding/json"
	jsonv2 "encoding/json/v2"
	"os"
)

func main() {
	text, err := json.Marshal(os.Args)
	if err != nil {
		panic(err)
	}
	var back []string
	if err := jsonv2.Unmarshal(text, &back); err != nil {
		panic(err)
	}
	os.Stdout.WriteString(back[0])
}
