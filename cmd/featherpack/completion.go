package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/docs"
	"github.com/featherpack/featherpack/cmd/featherpack/hook"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/completion"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/reporters/render"
)

// completionCommand is a function because a variable would refer to itself through
// commands.
func completionCommand() command {
	return command{
		name: "completion", operands: "SHELL", summary: "print a completion script for bash, zsh, fish or PowerShell",
		help: `Prints a script that completes commands, flags, their values, and the functions of
the current folder. "completion functions" prints those functions for the scripts.

Examples:
  source <(featherpack completion bash)                     bash, this session
  featherpack completion zsh > "${fpath[1]}/_featherpack"   zsh, permanently
  featherpack completion fish > ~/.config/fish/completions/featherpack.fish
  featherpack completion powershell | Out-String | Invoke-Expression`,
		flags: func(*pflag.FlagSet) func(context.Context, *terminal, []string) int { return complete },
	}
}

func complete(_ context.Context, t *terminal, args []string) int {
	if len(args) == 1 && args[0] == "functions" {
		for _, f := range manifest.Discover(".", manifest.Options{}).Functions {
			fmt.Fprintln(t.stdout, output.Printable(f.ID))
		}
		return exitGood
	}
	var known []completion.Command
	for _, c := range commands() {
		known = append(known, completion.Command{Name: c.name, Summary: c.summary, Flags: flagsOf(c), Operands: operandsOf(c)})
	}
	if len(args) != 1 || !completion.Write(t.stdout, args[0], known) {
		return t.fail(analyzer.Usage("completion needs one shell", "choose one of "+strings.Join(completion.Shells(), ", ")))
	}
	return exitGood
}

// operandsOf returns what completes a command's operands.
func operandsOf(c command) completion.Values {
	switch c.name {
	case "cache":
		return completion.Values{Words: cacheActs}
	case "hook":
		return completion.Values{Words: hook.Names(), Folders: true}
	case "completion":
		return completion.Values{Words: completion.Shells()}
	case "help":
		words := commandNames()
		for _, topic := range docs.Topics() {
			words = append(words, topic.Name)
		}
		return completion.Values{Words: words}
	case "report", "calibrate":
		return completion.Values{Files: true}
	case "version":
		return completion.Values{}
	case "init", "discover":
		return completion.Values{Folders: true}
	}
	return completion.Values{Functions: true, Folders: true}
}

// flagValues returns what completes the value of a flag. The name of the value in the help
// text decides, unless the flag has a fixed set of values.
func flagValues(f *pflag.Flag) completion.Values {
	switch value, _ := pflag.UnquoteUsage(f); {
	case f.Name == "compress":
		return completion.Values{Words: []string{"fast", "default", "best"}}
	case f.Name == "sourcemap":
		return completion.Values{Words: []string{"external", "zip", "none"}}
	case f.Name == "by":
		return completion.Values{Words: []string{"imports", "calls", "linker"}}
	case f.Name == "boot-node":
		return completion.Values{Words: []string{"system", "auto"}, Files: true}
	case f.Name == "only":
		return completion.Values{Functions: true}
	case value == "FORMAT[=FILE]":
		return completion.Values{Words: slices.Sorted(maps.Keys(render.Formats))}
	case value == "DIR", f.Name == "cache":
		return completion.Values{Folders: true}
	case strings.HasSuffix(value, "FILE"):
		return completion.Values{Files: true}
	}
	return completion.Values{}
}

// flagsOf lists a command's flags in the order of their declaration.
func flagsOf(c command) (flags []completion.Flag) {
	set := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	set.SortFlags = false
	c.flags(set)
	set.VisitAll(func(f *pflag.Flag) {
		_, does := flagText(f)
		flags = append(flags, completion.Flag{Name: f.Name, Usage: does, Values: flagValues(f)})
	})
	return append(flags, completion.Flag{Name: "help", Usage: "show help"})
}

func commandNames() []string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return names
}
