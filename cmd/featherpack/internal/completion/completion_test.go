package completion

import (
	"os/exec"
	"strings"
	"testing"
)

var commands = []Command{
	{Name: "build", Summary: "build it", Operands: Values{Functions: true, Folders: true}, Flags: []Flag{
		{"only", "one's [glob]", Values{}}, {"compress", "how much", Values{Words: []string{"fast", "best"}}},
		{"help", "show help", Values{}},
	}},
	{Name: "hook", Summary: "a file", Operands: Values{Words: []string{"cdk", "sam"}}, Flags: []Flag{{"help", "show help", Values{}}}},
	{Name: "why", Summary: "what imports it", Flags: []Flag{{"help", "show help", Values{}}}},
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
		"featherpack ":          "build hook why",
		"featherpack build --o": "--only",
		"featherpack why --":    "--help",
		"featherpack hook ":     "cdk sam",
		"featherpack hook s":    "sam",
		"featherpack build o":   "orders",

		"featherpack build --compress ":    "fast best",
		"featherpack build --compress b":   "best",
		"featherpack build --compress =":   "fast best",
		"featherpack build --compress = b": "best",
	} {
		ask := "featherpack() { echo orders; echo users; }\n" + script.String() + "\nCOMP_WORDS=(" + words + ")\nCOMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))\n"
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
		"zsh":        `'--only[one'\''s (glob)]'`,
		"fish":       `-l only -d 'one'\''s [glob]'`,
		"powershell": `'build:--compress' { @('fast', 'best') }`,
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
