package completion

import (
	"os/exec"
	"strings"
	"testing"
)

var commands = []Command{
	{Name: "build", Summary: "build it", Flags: []Flag{{"only", "one's [glob]"}, {"help", "show help"}}},
	{Name: "why", Summary: "what brings it in", Flags: []Flag{{"help", "show help"}}},
}

// The script is called as bash calls it.
func TestBash(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not installed")
	}
	var script strings.Builder
	if !Write(&script, "bash", commands) {
		t.Fatal("Write does not support bash")
	}
	for words, want := range map[string]string{
		"featherpack b":         "build",
		"featherpack ":          "build why",
		"featherpack build --o": "--only",
		"featherpack why --":    "--help",
	} {
		ask := script.String() + "\nCOMP_WORDS=(" + words + ")\nCOMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))\n"
		if strings.HasSuffix(words, " ") {
			ask += "COMP_CWORD=$(( COMP_CWORD + 1 ))\n"
		}
		out, err := exec.Command("bash", "-c", ask+"_featherpack; echo ${COMPREPLY[@]}").CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", words, got, err, want)
		}
	}
}

// A quote in a flag's description cannot end the quoted word.
func TestQuoting(t *testing.T) {
	for shell, want := range map[string]string{
		"zsh":  `'--only[one'\''s (glob)]'`,
		"fish": `-l only -d 'one'\''s [glob]'`,
	} {
		var script strings.Builder
		if !Write(&script, shell, commands) || !strings.Contains(script.String(), want) {
			t.Errorf("%s: %s is not in\n%s", shell, want, &script)
		}
	}
	if Write(nil, "cmd.exe", commands) {
		t.Error("Write supports cmd.exe")
	}
}
