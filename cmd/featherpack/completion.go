package main

import (
	"context"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/completion"
)

// completionCommand is a function because a variable would refer to itself through
// commands.
func completionCommand() command {
	return command{
		name: "completion", operands: "SHELL", summary: "print a completion script for bash, zsh or fish",
		help: `Prints a script that completes commands and flags.

Examples:
  source <(featherpack completion bash)                     bash, this session
  featherpack completion zsh > "${fpath[1]}/_featherpack"   zsh, permanently
  featherpack completion fish > ~/.config/fish/completions/featherpack.fish`,
		flags: func(*pflag.FlagSet) func(context.Context, *terminal, []string) int { return complete },
	}
}

func complete(_ context.Context, t *terminal, args []string) int {
	var known []completion.Command
	for _, c := range commands() {
		known = append(known, completion.Command{Name: c.name, Summary: c.summary, Flags: flagsOf(c)})
	}
	if len(args) != 1 || !completion.Write(t.stdout, args[0], known) {
		return t.fail(analyzer.Usage("completion needs one shell", "choose bash, zsh or fish"))
	}
	return exitGood
}

// flagsOf lists a command's flags in the order of their declaration.
func flagsOf(c command) (flags []completion.Flag) {
	set := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	set.SortFlags = false
	c.flags(set)
	set.VisitAll(func(f *pflag.Flag) {
		_, does := flagText(f)
		flags = append(flags, completion.Flag{Name: f.Name, Usage: does})
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
