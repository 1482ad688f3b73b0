package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
)

var completionCommand command

func init() {
	// A variable initialiser would refer to itself through commands().
	completionCommand = command{
		name: "completion", operands: "SHELL", summary: "print a completion script for bash, zsh or fish",
		help: `Prints a script that completes commands and flags.

Examples:
  source <(featherpack completion bash)                     bash, this session
  featherpack completion zsh > "${fpath[1]}/_featherpack"   zsh, permanently
  featherpack completion fish > ~/.config/fish/completions/featherpack.fish`,
		flags: func(*pflag.FlagSet) func(context.Context, *terminal, []string) int { return completion },
	}
}

func completion(_ context.Context, t *terminal, args []string) int {
	shells := map[string]func(io.Writer){"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}
	if len(args) != 1 || shells[args[0]] == nil {
		return t.fail(analyzer.Usage("completion takes one shell", "choose bash, zsh or fish"))
	}
	shells[args[0]](t.stdout)
	return exitGood
}

// flagNames lists a command's flags with their usage, in order of declaration.
func flagNames(c command) (names, usages []string) {
	set := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	set.SortFlags = false
	c.flags(set)
	set.VisitAll(func(f *pflag.Flag) {
		names = append(names, "--"+f.Name)
		_, does := flagText(f)
		usages = append(usages, does)
	})
	return append(names, "--help"), append(usages, "show help")
}

func commandNames() []string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return names
}

func bashCompletion(w io.Writer) {
	fmt.Fprint(w, "_featherpack() {\n  local word=${COMP_WORDS[COMP_CWORD]}\n  COMPREPLY=()\n")
	fmt.Fprintf(w, "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W '%s' -- \"$word\"))\n    return\n  fi\n", strings.Join(commandNames(), " "))
	fmt.Fprint(w, "  case $word in -*) ;; *) COMPREPLY=($(compgen -d -- \"$word\")); return ;; esac\n  case ${COMP_WORDS[1]} in\n")
	for _, c := range commands() {
		names, _ := flagNames(c)
		fmt.Fprintf(w, "    %s) COMPREPLY=($(compgen -W '%s' -- \"$word\")) ;;\n", c.name, strings.Join(names, " "))
	}
	fmt.Fprint(w, "  esac\n}\ncomplete -F _featherpack featherpack\n")
}

func zshCompletion(w io.Writer) {
	fmt.Fprint(w, "#compdef featherpack\n_featherpack() {\n  if (( CURRENT == 2 )); then\n    local -a all=(\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "      %s\n", quoted(c.name+":"+c.summary))
	}
	fmt.Fprint(w, "    )\n    _describe command all\n    return\n  fi\n  case $words[2] in\n")
	for _, c := range commands() {
		names, usages := flagNames(c)
		fmt.Fprintf(w, "    %s) _arguments", c.name)
		for i, name := range names {
			fmt.Fprintf(w, " %s", quoted(name+"["+strings.NewReplacer("[", "(", "]", ")").Replace(usages[i])+"]"))
		}
		fmt.Fprint(w, " '*:folder:_files -/' ;;\n")
	}
	fmt.Fprint(w, "  esac\n}\n_featherpack \"$@\"\n")
}

func fishCompletion(w io.Writer) {
	for _, c := range commands() {
		fmt.Fprintf(w, "complete -c featherpack -n __fish_use_subcommand -f -a %s -d %s\n", c.name, quoted(c.summary))
		names, usages := flagNames(c)
		for i, name := range names {
			fmt.Fprintf(w, "complete -c featherpack -n '__fish_seen_subcommand_from %s' -l %s -d %s\n", c.name, strings.TrimPrefix(name, "--"), quoted(usages[i]))
		}
	}
}

// quoted puts a text in single quotes for a shell.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
