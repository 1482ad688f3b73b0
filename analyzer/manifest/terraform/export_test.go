package terraform

import (
	"fmt"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Scan reads a plan from a text. kept renders all that is kept of it.
func Scan(text string) (functions int, failed *analyzer.Diagnostic, kept string, ok bool) {
	p, ok := scanPlan(newPlanScan("plan.json", strings.NewReader(text)))
	if !ok {
		return 0, nil, "", false
	}
	return len(p.functions), p.failed, fmt.Sprintf("%+v %+v %+v %+v", p.functions, p.archives, p.configured, p.calls), true
}

// ModuleOf is moduleOf.
func ModuleOf(address string) (instance, path string) { return moduleOf(address) }
