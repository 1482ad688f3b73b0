package git

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// setting is one entry of git's configuration.
type setting struct{ key, value string }

// settings turn off what a checkout's configuration can make git run. The
// configuration of a checkout is not part of any commit, but an archive, a shared
// folder or an earlier CI step may have written it.
//
// Filters are turned off by [Checkout.filters], because their names are free.
// Source: git-scm.com/docs/git-config
var settings = []setting{
	{"core.hooksPath", os.DevNull},
	{"core.fsmonitor", "false"},
	{"core.sshCommand", "false"},
	{"core.askPass", "false"},
	{"core.gitProxy", ""},
	{"core.alternateRefsCommand", "false"},
	{"diff.external", ""},
	{"credential.helper", ""},
	{"gpg.program", "false"},
	{"log.showSignature", "false"},
	{"submodule.recurse", "false"},
	{"maintenance.auto", "false"},
	{"gc.auto", "0"},
	// No command here needs the network. A partial clone would fetch objects that it
	// lacks with a program that remote.NAME.uploadpack or an ext:: address names.
	{"protocol.allow", "never"},
	{"protocol.ext.allow", "never"},
	{"protocol.file.allow", "never"},
	{"protocol.git.allow", "never"},
	{"protocol.http.allow", "never"},
	{"protocol.https.allow", "never"},
	{"protocol.ssh.allow", "never"},
}

// filterParts are the settings of a filter that name a program. An empty program is
// not run.
var filterParts = []string{".smudge", ".clean", ".process"}

// withoutFilters returns settings that turn off the filters among the keys of a
// configuration. A filter that is turned off leaves files as they are stored.
func withoutFilters(keys []string) []setting {
	all := slices.Clone(settings)
	for _, key := range keys {
		name, ok := strings.CutPrefix(key, "filter.")
		for _, part := range filterParts {
			if filter, found := strings.CutSuffix(name, part); ok && found {
				all = append(all, setting{key, ""}, setting{"filter." + filter + ".required", "false"})
			}
		}
	}
	return all
}

// environment adds settings to an environment. They win over every file, and
// programs that git starts inherit them.
// Source: git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT
func environment(env []string, with []setting) []string {
	count := 0
	env = slices.DeleteFunc(slices.Clone(env), func(kv string) bool {
		value, ok := strings.CutPrefix(kv, "GIT_CONFIG_COUNT=")
		if ok {
			count, _ = strconv.Atoi(value) // git refuses to run if it is not a number
		}
		return ok
	})
	for _, s := range with {
		env = append(env, fmt.Sprintf("GIT_CONFIG_KEY_%d=%s", count, s.key), fmt.Sprintf("GIT_CONFIG_VALUE_%d=%s", count, s.value))
		count++
	}
	return append(env, fmt.Sprintf("GIT_CONFIG_COUNT=%d", count), "GIT_NO_LAZY_FETCH=1", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0")
}
