package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/docs"
)

// helpCommand is a function because a variable would refer to itself through commands.
func helpCommand() command {
	return command{
		name: "help", operands: "[COMMAND|TOPIC]", summary: "print the help of a command, or a page about a topic",
		help: `Without an operand it lists the commands and the topics.

Topics:
` + topicList() + `
Examples:
  featherpack help build
  featherpack help configuration
  featherpack help troubleshooting | less`,
		flags: func(*pflag.FlagSet) func(context.Context, *terminal, []string) int { return help },
	}
}

func topicList() string {
	var b strings.Builder
	for _, t := range docs.Topics() {
		fmt.Fprintf(&b, "  %-16s %s\n", t.Name, t.Summary)
	}
	return b.String()
}

func help(ctx context.Context, t *terminal, args []string) int {
	if len(args) == 0 {
		fmt.Fprint(t.stdout, overview())
		return exitGood
	}
	if len(args) > 1 {
		return t.fail(analyzer.Usage("help accepts one command or topic", "featherpack help lists them"))
	}
	for _, topic := range docs.Topics() {
		if topic.Name == args[0] {
			return t.printPage(topic.Markdown())
		}
	}
	all := commands()
	if i := slices.IndexFunc(all, func(c command) bool { return c.name == args[0] }); i >= 0 {
		return all[i].run(ctx, t, []string{"--help"})
	}
	names := commandNames()
	for _, topic := range docs.Topics() {
		names = append(names, topic.Name)
	}
	hint := "featherpack help lists the commands and topics"
	if near := analyzer.Nearest(args[0], names); near != "" {
		hint = fmt.Sprintf("did you mean %q? %s", near, hint)
	}
	return t.fail(analyzer.Usage(fmt.Sprintf("there is no command or topic %q", args[0]), hint))
}

// printPage prints Markdown for the terminal.
func (t *terminal) printPage(markdown string) int {
	if err := docs.Print(t.stdout, markdown, docs.Options{Width: t.width(), Color: color(t.stdout)}); err != nil {
		return t.fail(fmt.Errorf("printing the page: %w", err))
	}
	return exitGood
}

// flagText returns a flag's text in the help: how to type it and what it does. A
// flag with a value declares its usage as "`VALUE`: what it does".
func flagText(f *pflag.Flag) (typed, does string) {
	value, does := pflag.UnquoteUsage(f)
	does = strings.TrimPrefix(does, value+": ")
	typed = "--" + f.Name
	if f.Shorthand != "" {
		typed = "-" + f.Shorthand + ", " + typed
	}
	if value != "" {
		typed += " " + value
	}
	if !slices.Contains([]string{"", "false", "0", "[]"}, f.DefValue) {
		does += " (default " + f.DefValue + ")"
	}
	return typed, does
}

// flagUsages lists flags for a terminal of 80 columns. The description is beside
// the flag, or on the next line if the flag is long.
func flagUsages(set *pflag.FlagSet) string {
	const column = 24
	var b strings.Builder
	set.VisitAll(func(f *pflag.Flag) {
		typed, does := flagText(f)
		if f.Shorthand == "" {
			typed = "    " + typed
		}
		b.WriteString("  " + typed)
		at := len(typed) + 2
		if at > column-2 {
			b.WriteString("\n")
			at = 0
		}
		b.WriteString(strings.Repeat(" ", column-at))
		at = column
		for i, word := range strings.Fields(does) {
			if i > 0 && at+1+len(word) > 80 {
				b.WriteString("\n" + strings.Repeat(" ", column) + word)
				at = column + len(word)
				continue
			}
			if i > 0 {
				word = " " + word
			}
			b.WriteString(word)
			at += len(word)
		}
		b.WriteString("\n")
	})
	return b.String()
}
