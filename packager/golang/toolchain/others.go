package toolchain

import (
	"go/version"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Installation is a toolchain on this machine.
type Installation struct {
	Version string // such as go1.25.3
	Command string // absolute path of its go command
}

// Others lists the other toolchains on this machine, newest first and each version once:
// those on PATH, those of golang.org/dl in ~/sdk, those of packages and installers, and
// those that the go command has downloaded into the module cache. It runs none of them: a
// release has its version in a file. https://go.dev/doc/manage-install
func (t *Toolchain) Others() []Installation {
	var commands []string
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		commands = append(commands, filepath.Join(dir, goCommand))
	}
	var roots []string
	if home, err := os.UserHomeDir(); err == nil {
		roots = append(roots, filepath.Join(home, "sdk", "go*"))
	}
	roots = append(roots, "/usr/local/go", "/usr/lib/go-*", "/usr/lib/golang", "/opt/homebrew/opt/go*/libexec", `C:\Program Files\Go`)
	for _, pattern := range roots {
		found, _ := filepath.Glob(filepath.Join(pattern, "bin", goCommand))
		commands = append(commands, found...)
	}
	// https://go.dev/ref/mod#module-cache and https://go.dev/doc/toolchain#select
	downloaded, _ := filepath.Glob(filepath.Join(t.ModCache, "golang.org", "toolchain@*."+runtime.GOOS+"-"+runtime.GOARCH, "bin", goCommand))
	commands = append(commands, downloaded...)

	known := map[string]bool{t.Version: true}
	var others []Installation
	for _, command := range commands {
		if v := versionOf(command); v != "" && !known[v] && version.Compare(v, oldestGo) >= 0 {
			known[v] = true
			others = append(others, Installation{Version: v, Command: command})
		}
	}
	slices.SortStableFunc(others, func(a, b Installation) int { return version.Compare(b.Version, a.Version) })
	return others
}

var goCommand = "go" + map[bool]string{true: ".exe"}[runtime.GOOS == "windows"]

// versionOf reads the version of a release from the folder of its go command. It is "" if
// that is not the go command of a release.
func versionOf(command string) string {
	real, err := filepath.EvalSymlinks(command)
	if err != nil || !filepath.IsAbs(command) {
		return ""
	}
	file, err := os.Open(filepath.Join(filepath.Dir(filepath.Dir(real)), "VERSION"))
	if err != nil {
		return ""
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, 4096))
	if err != nil {
		return ""
	}
	// The first line is "go1.25.3"; some builds add words to it.
	words := strings.Fields(string(text))
	if len(words) == 0 || !version.IsValid(words[0]) {
		return ""
	}
	return words[0]
}
