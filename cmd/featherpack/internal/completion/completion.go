package completion

import (
	"fmt"
	"io"
	"strings"
)

// Command is a command to complete, with its flags in the order of the help text.
type Command struct {
	Name, Summary string
	Flags         []Flag
}

// Flag is a flag's name, without dashes, and its description.
type Flag struct{ Name, Usage string }

// Write writes the script for a shell: bash, zsh or fish. It returns false for any
// other shell.
func Write(w io.Writer, shell string, commands []Command) bool {
	write, ok := map[string]func(io.Writer, []Command){"bash": bash, "zsh": zsh, "fish": fish}[shell]
	if ok {
		write(w, commands)
	}
	return ok
}

func bash(w io.Writer, commands []Command) {
	var names []string
	for _, c := range commands {
		names = append(names, c.Name)
	}
	fmt.Fprint(w, "_featherpack() {\n  local word=${COMP_WORDS[COMP_CWORD]}\n  COMPREPLY=()\n")
	fmt.Fprintf(w, "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W '%s' -- \"$word\"))\n    return\n  fi\n", strings.Join(names, " "))
	fmt.Fprint(w, "  case $word in -*) ;; *) COMPREPLY=($(compgen -d -- \"$word\")); return ;; esac\n  case ${COMP_WORDS[1]} in\n")
	for _, c := range commands {
		var flags []string
		for _, f := range c.Flags {
			flags = append(flags, "--"+f.Name)
		}
		fmt.Fprintf(w, "    %s) COMPREPLY=($(compgen -W '%s' -- \"$word\")) ;;\n", c.Name, strings.Join(flags, " "))
	}
	fmt.Fprint(w, "  esac\n}\ncomplete -F _featherpack featherpack\n")
}

func zsh(w io.Writer, commands []Command) {
	fmt.Fprint(w, "#compdef featherpack\n_featherpack() {\n  if (( CURRENT == 2 )); then\n    local -a all=(\n")
	for _, c := range commands {
		fmt.Fprintf(w, "      %s\n", quoted(c.Name+":"+c.Summary))
	}
	fmt.Fprint(w, "    )\n    _describe command all\n    return\n  fi\n  case $words[2] in\n")
	for _, c := range commands {
		fmt.Fprintf(w, "    %s) _arguments", c.Name)
		for _, f := range c.Flags {
			fmt.Fprintf(w, " %s", quoted("--"+f.Name+"["+strings.NewReplacer("[", "(", "]", ")").Replace(f.Usage)+"]"))
		}
		fmt.Fprint(w, " '*:folder:_files -/' ;;\n")
	}
	fmt.Fprint(w, "  esac\n}\n_featherpack \"$@\"\n")
}

func fish(w io.Writer, commands []Command) {
	for _, c := range commands {
		fmt.Fprintf(w, "complete -c featherpack -n __fish_use_subcommand -f -a %s -d %s\n", c.Name, quoted(c.Summary))
		for _, f := range c.Flags {
			fmt.Fprintf(w, "complete -c featherpack -n '__fish_seen_subcommand_from %s' -l %s -d %s\n", c.Name, f.Name, quoted(f.Usage))
		}
	}
}

// quoted quotes a text for a shell.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
