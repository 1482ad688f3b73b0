package main

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/spf13/pflag"
)

var versionCommand = command{
	name: "version", summary: "print the version",
	help: "Prints the version. Reports contain the same one.",
	flags: func(*pflag.FlagSet) func(context.Context, *terminal, []string) int {
		return func(_ context.Context, t *terminal, _ []string) int {
			fmt.Fprintln(t.stdout, "featherpack", version())
			return exitGood
		}
	},
}

// release is the version, set by the linker in released binaries.
var release = ""

// version returns the released version, or else the module version that the Go
// toolchain recorded.
func version() string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}
