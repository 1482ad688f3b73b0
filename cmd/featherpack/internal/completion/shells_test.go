package completion

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// asked are lines to complete, with what each shell has to offer.
var asked = map[string]string{
	"featherpack b":                  "build",
	"featherpack ":                   "build hook why",
	"featherpack build --o":          "--only",
	"featherpack why --":             "--help",
	"featherpack hook ":              "cdk sam",
	"featherpack hook s":             "sam",
	"featherpack build o":            "orders",
	"featherpack build --compress ":  "best fast",
	"featherpack build --compress b": "best",
	"featherpack build --compress=b": "best",
}

// A real zsh, in a terminal of its own, loads the script and completes as on Tab.
func TestZsh(t *testing.T) {
	inShell(t, "zsh", "_featherpack", func(dir, words string) string {
		// The probe is a completion widget that also writes what compadd would offer.
		const inner = `PS1= PS2= RPS1= ; unsetopt beep zle_bracketed_paste prompt_cr
fpath=($HOME $fpath)
autoload -Uz compinit && compinit -u -d $HOME/dump
compadd() {
  if [[ "${(j: :)@[1,(i)--]}" == (|* )-[OAD]* ]]; then builtin compadd "$@"; return; fi
  local -a hits
  builtin compadd -O hits "$@"
  print -rl -- $hits >>$HOME/offered
  builtin compadd "$@"
}
probe() { _main_complete; : >$HOME/done }
zle -C probe complete-word probe
bindkey '^I' probe
`
		write(t, filepath.Join(dir, ".zshrc"), inner+": >$HOME/ready\n")
		outer := `zmodload zsh/zpty
wait_for() { local i; for i in {1..600}; do [[ -e $HOME/$1 ]] && return; zpty -r -t z >/dev/null; sleep 0.05; done; exit 3 }
zpty z zsh -i
wait_for ready
zpty -n -w z $WORDS$'\t'
wait_for done
zpty -d z
`
		run(t, dir, words, "zsh", "-f", "-c", outer)
		text, _ := os.ReadFile(filepath.Join(dir, "offered"))
		return string(text)
	})
}

// A real fish loads the script and lists its candidates.
func TestFish(t *testing.T) {
	inShell(t, "fish", "featherpack.fish", func(dir, words string) string {
		return run(t, dir, words, "fish", "--no-config", "-c", `source $HOME/featherpack.fish; complete -C "$WORDS"`)
	})
}

// inShell has a shell complete every line. It skips the test if the machine lacks the shell.
func inShell(t *testing.T, shell, file string, complete func(dir, words string) string) {
	if _, err := exec.LookPath(shell); err != nil {
		t.Skip(shell + " is not installed")
	}
	var script strings.Builder
	Write(&script, shell, commands)
	for words, want := range asked {
		t.Run(words, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, file), script.String())
			write(t, filepath.Join(dir, "featherpack"), "#!/bin/sh\necho orders; echo users\n")
			got := []string{}
			for line := range strings.Lines(complete(dir, words)) {
				word, _, _ := strings.Cut(strings.TrimSpace(line), "\t") // fish adds the description
				word = strings.TrimPrefix(word, "--compress=")           // and repeats the flag
				if word != "" && word != "offered" {
					got = append(got, word)
				}
			}
			slices.Sort(got)
			if strings.Join(slices.Compact(got), " ") != want {
				t.Errorf("it offers %q, want %s", got, want)
			}
		})
	}
}

// run runs a shell with dir as its home, and with the program that dir has.
func run(t *testing.T, dir, words string, command ...string) string {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir, "ZDOTDIR="+dir, "WORDS="+words, "PATH="+dir+":"+os.Getenv("PATH"), "TERM=dumb")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}
