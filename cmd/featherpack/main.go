package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/scratch"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
)

func main() {
	pipeline.BoundMemory()
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// Exit statuses. If several apply, the highest is used.
const (
	exitGood    = 0
	exitFailed  = 2
	exitRefused = 3
)

// command is one of featherpack's commands.
type command struct {
	name     string
	operands string
	summary  string
	// help is what --help prints after the usage line: a paragraph, then examples.
	help string
	// flags declares the command's flags and returns the function that runs it.
	flags func(*pflag.FlagSet) func(ctx context.Context, t *terminal, args []string) int
}

// commands returns all commands, in the order of the help text.
func commands() []command {
	return []command{buildCommand, checkCommand, whyCommand, adviseCommand, profileCommand, discoverCommand, bootCommand, reportCommand, mergeCommand, historyCommand, calibrateCommand, cacheCommand, hookCommand, initCommand, completionCommand(), versionCommand, helpCommand()}
}

// run is main without the process: arguments in, output to the writers, exit
// status out.
func run(args []string, stdout, stderr io.Writer) int {
	return newTerminal(stdout, stderr).run(args)
}

func (t *terminal) run(args []string) int {
	ctx, caught, stop := untilSignal(context.Background())
	defer stop()
	status := t.command(ctx, args)
	if number := caught(); number != 0 {
		if status < exitFailed {
			t.fail(analyzer.Diagnostic{Severity: analyzer.Error, Message: "interrupted when the work was done"})
		}
		return 128 + number // whatever it had done by then
	}
	return status
}

// untilSignal returns a context that ends with the first signal to end the program, and
// what says which that was, 0 for none. The second one ends the program at once.
func untilSignal(ctx context.Context) (_ context.Context, caught func() int, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	var number atomic.Int64
	go func() {
		select {
		case s := <-signals:
			if s, ok := s.(syscall.Signal); ok {
				number.Store(int64(s))
			}
			signal.Stop(signals)
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, func() int { return int(number.Load()) }, func() {
		signal.Stop(signals)
		cancel()
	}
}

// command runs the command of the arguments.
func (t *terminal) command(ctx context.Context, args []string) int {
	if len(args) == 0 || args[0] == "--help" || args[0] == "-h" {
		out := t.stdout
		if len(args) == 0 {
			out = t.stderr
		}
		fmt.Fprint(out, overview())
		if len(args) == 0 {
			return exitFailed
		}
		return exitGood
	}
	if args[0] == "--version" {
		args = []string{"version"}
	}
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == args[0] })
	if i < 0 {
		names := make([]string, len(all))
		for i, c := range all {
			names[i] = c.name
		}
		hint := "featherpack --help lists the commands"
		if near := analyzer.Nearest(args[0], names); near != "" {
			hint = fmt.Sprintf("did you mean %q? %s", near, hint)
		}
		return t.fail(analyzer.Usage(fmt.Sprintf("there is no command %q", args[0]), hint))
	}
	return all[i].run(ctx, t, args[1:])
}

func (c command) run(ctx context.Context, t *terminal, args []string) int {
	set := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.SortFlags = false
	execute := c.flags(set)
	help := set.BoolP("help", "h", false, "show this help")
	if err := set.Parse(args); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			*help = true
		} else {
			return t.fail(analyzer.Usage(err.Error(), c.flagHint(set, err)))
		}
	}
	if *help {
		fmt.Fprint(t.stdout, c.usage(set))
		return exitGood
	}
	scratch.Sweep("") // what killed runs left behind
	t.ctx = ctx
	defer t.end()
	return execute(ctx, t, set.Args())
}

// flagHint is the remedy for flags that cannot be parsed.
func (c command) flagHint(set *pflag.FlagSet, err error) string {
	hint := fmt.Sprintf("featherpack %s --help lists the flags", c.name)
	unknown := (*pflag.NotExistError)(nil)
	if !errors.As(err, &unknown) {
		return hint
	}
	var names []string
	set.VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if near := analyzer.Nearest(unknown.GetSpecifiedName(), names); near != "" {
		hint = fmt.Sprintf("did you mean --%s? %s", near, hint)
	}
	return hint
}

func (c command) usage(set *pflag.FlagSet) string {
	var b strings.Builder
	fmt.Fprintf(&b, "featherpack %s: %s\n\nUsage: featherpack %s [flags]", c.name, c.summary, c.name)
	if c.operands != "" {
		b.WriteString(" " + c.operands)
	}
	fmt.Fprintf(&b, "\n\n%s\n\nFlags:\n%s", strings.TrimSpace(c.help), flagUsages(set))
	return b.String()
}

func overview() string {
	var b strings.Builder
	b.WriteString("featherpack packs each serverless function into one small zip, and checks that it runs.\n\n")
	b.WriteString("Usage: featherpack COMMAND [flags] [DIR]\n\nCommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-12s %s\n", c.name, c.summary)
	}
	b.WriteString("\nTopics:\n" + topicList())
	b.WriteString("\nfeatherpack COMMAND --help describes a command, with examples.\nfeatherpack help TOPIC prints a page about a topic.\n")
	b.WriteString("Exit status: 0 success, 1 over budget, 2 failed, 3 refused as unsafe; 130 or 143 when interrupted.\n")
	return b.String()
}
