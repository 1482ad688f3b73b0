package check

import (
	"fmt"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
)

// restrict returns what takes from a function the allowances that the base commit does
// not have: a change must not allow itself more than its reviewers have merged. What
// flags allow stays. base is nil if there is no base commit.
//
// cgo is such an allowance: the C compiler then runs on C code of the project, with the
// flags that its #cgo lines name.
func restrict(base []analyzer.Function, o pipeline.Options, allowCGO bool) func(*analyzer.Function) []analyzer.Diagnostic {
	scripts, secrets, cgo := slices.Clone(o.AllowScripts), slices.Clone(o.AllowSecrets), allowCGO
	for _, f := range base {
		scripts = append(scripts, f.Build.InstallScripts...)
		secrets = append(secrets, f.Build.AllowSecrets...)
		cgo = cgo || f.Build.CGO
	}
	return func(f *analyzer.Function) (problems []analyzer.Diagnostic) {
		keep := func(list, merged []string, matters bool, setting, flag, so string) []string {
			var kept []string
			for _, name := range list {
				if slices.Contains(merged, name) {
					kept = append(kept, name)
					continue
				}
				if !matters {
					continue
				}
				problems = append(problems, analyzer.Diagnostic{
					Code: "allowance", Severity: analyzer.Warning, Position: f.Position,
					Message: fmt.Sprintf("%s allows %s here but not in the base commit, so %s", setting, name, so),
					Hint:    fmt.Sprintf("merge the setting first, or add %s %s", flag, name),
				})
			}
			return kept
		}
		f.Build.InstallScripts = keep(f.Build.InstallScripts, scripts, o.Prepare != nil, "install.scripts", "--allow-script", "its scripts are not run")
		f.Build.AllowSecrets = keep(f.Build.AllowSecrets, secrets, true, "build.allowSecrets", "--allow-secret", "it is judged like any other file")
		if f.Build.CGO && !cgo {
			f.Build.CGO = false
			problems = append(problems, analyzer.Diagnostic{
				Code: "allowance", Severity: analyzer.Warning, Position: f.Position,
				Message: "build.cgo is true here but not in the base commit, so the C compiler is not run",
				Hint:    "merge the setting first, or add --allow-cgo",
			})
		}
		return problems
	}
}
