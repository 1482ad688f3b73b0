package completion

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Command is a command to complete, with its flags in the order of the help text.
type Command struct {
	Name, Summary string
	Flags         []Flag
	Operands      Values
}

// Flag is a flag's name, without dashes, and its description. Values complete its value;
// a flag without them is a switch or has a value that cannot be completed.
type Flag struct {
	Name, Usage string
	Values
}

// Values describe what completes a value or operand.
type Values struct {
	Words     []string
	Functions bool // the functions of the current folder
	Files     bool
	Folders   bool
}

func (v Values) any() bool { return len(v.Words) > 0 || v.Functions || v.Files || v.Folders }

// listFunctions prints the functions of the current folder, one a line.
const listFunctions = "featherpack completion functions 2>/dev/null"

var shells = map[string]func(io.Writer, []Command){"bash": bash, "zsh": zsh, "fish": fish, "powershell": powershell}

// Shells lists the supported shells.
func Shells() []string { return slices.Sorted(maps.Keys(shells)) }

// Write writes the script for a shell. It returns false for an unsupported one.
func Write(w io.Writer, shell string, commands []Command) bool {
	write, ok := shells[shell]
	if ok {
		write(w, commands)
	}
	return ok
}

// compgen is bash's command that completes $word with values.
func (v Values) compgen() string {
	var parts []string
	if len(v.Words) > 0 {
		parts = append(parts, "compgen -W "+quoted(strings.Join(v.Words, " "))+` -- "$word"`)
	}
	if v.Functions {
		parts = append(parts, `compgen -W "$(`+listFunctions+`)" -- "$word"`)
	}
	if v.Folders {
		parts = append(parts, `compgen -d -- "$word"`)
	}
	if v.Files {
		parts = append(parts, `compgen -f -- "$word"`)
	}
	return "COMPREPLY=($(" + strings.Join(parts, "; ") + "))"
}

func bash(w io.Writer, commands []Command) {
	var names []string
	for _, c := range commands {
		names = append(names, c.Name)
	}
	fmt.Fprint(w, "_featherpack() {\n  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n  COMPREPLY=()\n")
	// Bash splits --flag=value into three words.
	fmt.Fprint(w, "  if [ \"$word\" = = ]; then word=; elif [ \"$before\" = = ]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi\n")
	fmt.Fprintf(w, "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W '%s' -- \"$word\"))\n    return\n  fi\n", strings.Join(names, " "))
	fmt.Fprint(w, "  case ${COMP_WORDS[1]}:$before in\n")
	for _, c := range commands {
		for _, f := range c.Flags {
			if f.any() {
				fmt.Fprintf(w, "    %s:--%s) %s; return ;;\n", c.Name, f.Name, f.compgen())
			}
		}
	}
	fmt.Fprint(w, "  esac\n  case ${COMP_WORDS[1]}:$word in\n")
	for _, c := range commands {
		var flags []string
		for _, f := range c.Flags {
			flags = append(flags, "--"+f.Name)
		}
		fmt.Fprintf(w, "    %s:-*) COMPREPLY=($(compgen -W '%s' -- \"$word\")) ;;\n", c.Name, strings.Join(flags, " "))
		if c.Operands.any() {
			fmt.Fprintf(w, "    %s:*) %s ;;\n", c.Name, c.Operands.compgen())
		}
	}
	fmt.Fprint(w, "  esac\n}\ncomplete -F _featherpack featherpack\n")
}

// zshAction is an action of zsh's _arguments.
func (v Values) zshAction() string {
	switch {
	case v.Functions:
		return "_featherpack_functions"
	case len(v.Words) > 0:
		return "(" + strings.Join(v.Words, " ") + ")"
	case v.Folders:
		return "_files -/"
	case v.Files:
		return "_files"
	}
	return " "
}

func zsh(w io.Writer, commands []Command) {
	fmt.Fprint(w, "#compdef featherpack\n_featherpack_functions() {\n  compadd -- ${(f)\"$("+listFunctions+")\"}\n  _files -/\n}\n")
	fmt.Fprint(w, "_featherpack() {\n  if (( CURRENT == 2 )); then\n    local -a all=(\n")
	for _, c := range commands {
		fmt.Fprintf(w, "      %s\n", quoted(c.Name+":"+c.Summary))
	}
	fmt.Fprint(w, "    )\n    _describe command all\n    return\n  fi\n  case $words[2] in\n")
	for _, c := range commands {
		fmt.Fprintf(w, "    %s) _arguments", c.Name)
		for _, f := range c.Flags {
			spec := "[" + strings.NewReplacer("[", "(", "]", ")").Replace(f.Usage) + "]"
			if f.any() { // "=" takes both --flag value and --flag=value
				spec = "*--" + f.Name + "=" + spec + ":value:" + f.zshAction()
			} else {
				spec = "--" + f.Name + spec
			}
			fmt.Fprintf(w, " %s", quoted(spec))
		}
		// Without operands, _arguments does not complete the only flag of a command.
		fmt.Fprintf(w, " %s ;;\n", quoted("*:operand:"+c.Operands.zshAction()))
	}
	fmt.Fprint(w, "  esac\n}\n_featherpack \"$@\"\n")
}

// fishArguments are the arguments of fish's complete for values.
func (v Values) fishArguments() string {
	var b strings.Builder
	if !v.Files && !v.Folders {
		b.WriteString(" -f")
	}
	if len(v.Words) > 0 {
		b.WriteString(" -a " + quoted(strings.Join(v.Words, " ")))
	}
	if v.Functions {
		b.WriteString(" -a " + quoted("("+listFunctions+")"))
	}
	return b.String()
}

func fish(w io.Writer, commands []Command) {
	for _, c := range commands {
		fmt.Fprintf(w, "complete -c featherpack -n __fish_use_subcommand -f -a %s -d %s\n", c.Name, quoted(c.Summary))
		within := fmt.Sprintf("complete -c featherpack -n '__fish_seen_subcommand_from %s'", c.Name)
		for _, f := range c.Flags {
			values := ""
			if f.any() {
				values = " -r" + f.fishArguments()
			}
			fmt.Fprintf(w, "%s -l %s%s -d %s\n", within, f.Name, values, quoted(f.Usage))
		}
		if len(c.Operands.Words) > 0 || c.Operands.Functions {
			fmt.Fprintf(w, "%s%s\n", within, c.Operands.fishArguments())
		}
	}
}

// powershell writes a native completer. PowerShell itself completes paths if the
// completer returns nothing.
// Source: learn.microsoft.com, Register-ArgumentCompleter
func powershell(w io.Writer, commands []Command) {
	list := func(words []string) string {
		for i, word := range words {
			words[i] = "'" + strings.ReplaceAll(word, "'", "''") + "'"
		}
		return "@(" + strings.Join(words, ", ") + ")"
	}
	values := func(v Values) string {
		out := list(slices.Clone(v.Words))
		if v.Functions {
			out += " + @(featherpack completion functions 2>$null)"
		}
		return out
	}
	var names []string
	for _, c := range commands {
		names = append(names, c.Name)
	}
	fmt.Fprint(w, "Register-ArgumentCompleter -Native -CommandName featherpack -ScriptBlock {\n  param($word, $ast, $at)\n")
	fmt.Fprint(w, "  $words = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $at } | ForEach-Object { $_.ToString() })\n")
	fmt.Fprintf(w, "  if ($words.Count -lt 2) { $all = %s } else {\n", list(names))
	fmt.Fprint(w, "    $all = switch -Exact (\"$($words[1]):$($words[-1])\") {\n")
	for _, c := range commands {
		for _, f := range c.Flags {
			if len(f.Words) > 0 || f.Functions {
				fmt.Fprintf(w, "      '%s:--%s' { %s }\n", c.Name, f.Name, values(f.Values))
			}
		}
	}
	fmt.Fprint(w, "    }\n    if ($null -eq $all) {\n      $all = switch -Exact ($words[1]) {\n")
	for _, c := range commands {
		var flags []string
		for _, f := range c.Flags {
			flags = append(flags, "--"+f.Name)
		}
		fmt.Fprintf(w, "        '%s' { if ($word -like '-*') { %s } else { %s } }\n", c.Name, list(flags), values(c.Operands))
	}
	fmt.Fprint(w, "      }\n    }\n  }\n  $all | Where-Object { $_ -like \"$word*\" }\n}\n")
}

// quoted quotes a text for a shell.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
