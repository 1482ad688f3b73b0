package main

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/spf13/pflag"
)

var versionCommand = command{
	name: "version", summary: "print the version",
	help: "Prints the version. Reports carry the same one.",
	flags: func(*pflag.FlagSet) func(context.Context, *terminal, []string) int {
		return func(_ context.Context, t *terminal, _ []string) int {
			fmt.Fprintln(t.stdout, "featherpack", version())
			return exitGood
		}
	},
}

// release is set by the linker when a release is made.
var release = ""

// version is the release's, else the module's as the toolchain stamped it.
func version() string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}
