package boot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// places are the paths that a process sees: Lambda's own paths if it is
// contained, and folders of this machine if it is not.
type places struct {
	task     string // LAMBDA_TASK_ROOT
	runtime  string // LAMBDA_RUNTIME_DIR: holds the Node runtime client
	node     string // the Node executable, "" for a bootstrap
	emulator string // runs a bootstrap of another architecture
	tmp      string // "" if /tmp is private
}

var lambdaPlaces = places{task: "/var/task", runtime: "/var/runtime", node: "/var/lang/bin/node", emulator: "/var/lang/bin/emulator"}

const defaultMemoryMB = 128

func memoryMB(f analyzer.Function) int {
	if f.MemoryMB > 0 {
		return f.MemoryMB
	}
	return defaultMemoryMB
}

// maxMemoryMB is the most memory that Lambda gives a function.
const maxMemoryMB = 10240

// limitMB is the memory that a function may use. Where only a deployment knows its size,
// that is as much as Lambda allows.
func limitMB(f analyzer.Function) int {
	if f.MemoryUnknown {
		return maxMemoryMB
	}
	return memoryMB(f)
}

// environment returns a function's environment variables as Lambda sets them,
// sorted, and the names of those that got a placeholder because their value is
// only known when deployed. It holds no variable of the caller's environment.
//
// Source: docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func environment(f analyzer.Function, at places) (env, placeholders []string) {
	vars := map[string]string{
		"LANG":            "en_US.UTF-8",
		"TZ":              ":UTC",
		"PATH":            "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
		"LD_LIBRARY_PATH": "/var/lang/lib:/lib64:/usr/lib64:" + at.runtime + ":" + at.runtime + "/lib:" + at.task + ":" + at.task + "/lib:/opt/lib",
		// Not reserved on Lambda, so the function's own values win.
		"AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
		"AWS_XRAY_DAEMON_ADDRESS":  "127.0.0.1:2000",
	}
	if major := nodeMajor(f.Runtime); major > 0 {
		vars["NODE_PATH"] = fmt.Sprintf("/opt/nodejs/node%d/node_modules:/opt/nodejs/node_modules:%s/node_modules:%[2]s:%s", major, at.runtime, at.task)
	}
	if at.tmp != "" {
		vars["TMPDIR"] = at.tmp
	}
	for name, value := range f.Environment {
		if usableVariable(name, value) {
			vars[name] = value
		}
	}
	for _, name := range f.EnvironmentUnknown {
		if _, known := f.Environment[name]; !known && usableVariable(name, "") {
			vars[name] = placeholder(name)
			placeholders = append(placeholders, name)
		}
	}
	// Reserved: a function cannot change them.
	name := f.Name
	if name == "" {
		name = "function"
	}
	for name, value := range map[string]string{
		"_HANDLER":                        started(f),
		"AWS_REGION":                      regionName,
		"AWS_DEFAULT_REGION":              regionName,
		"AWS_LAMBDA_FUNCTION_NAME":        name,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(memoryMB(f)),
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      "2026/01/01/[$LATEST]00000000000000000000000000000000",
		"AWS_ACCESS_KEY_ID":               "ASIAPLACEHOLDER00000",
		"AWS_SECRET_ACCESS_KEY":           "placeholder",
		"AWS_SESSION_TOKEN":               "placeholder",
		"LAMBDA_TASK_ROOT":                at.task,
		"LAMBDA_RUNTIME_DIR":              at.runtime,
		"PWD":                             at.task,
	} {
		vars[name] = value
	}
	if nodeMajor(f.Runtime) > 0 {
		vars["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + f.Runtime
	}
	for name, value := range vars {
		env = append(env, name+"="+value)
	}
	slices.Sort(env)
	slices.Sort(placeholders)
	return env, slices.Compact(placeholders)
}

// usableVariable reports whether a process can have this variable.
func usableVariable(name, value string) bool {
	return name != "" && !strings.ContainsAny(name, "=\x00") && !strings.Contains(value, "\x00")
}

// placeholder returns a value in the format that the variable's name suggests, so
// that a client that only checks the format while loading can be created. No
// placeholder is the address of a real service.
func placeholder(name string) string {
	upper := strings.ToUpper(name)
	for _, shape := range []struct{ suffix, value string }{
		{"URL", "https://placeholder.invalid"},
		{"URI", "https://placeholder.invalid"},
		{"ENDPOINT", "https://placeholder.invalid"},
		{"ARN", "arn:aws:placeholder:" + regionName + ":" + accountID + ":placeholder"},
		{"PORT", "1"},
		{"TIMEOUT", "1"},
		{"HOST", "placeholder.invalid"},
	} {
		if strings.HasSuffix(upper, shape.suffix) {
			return shape.value
		}
	}
	return "placeholder"
}

func functionARN(f analyzer.Function) string {
	name := f.Name
	if name == "" {
		name = "function"
	}
	return "arn:aws:lambda:" + regionName + ":" + accountID + ":function:" + name
}

// started is the handler that a function is started with: the wrapper of its manifest
// where the zip holds that. One of a layer is not there.
func started(f analyzer.Function) string {
	if strings.HasPrefix(f.Wrapper, "node_modules/") {
		return f.Wrapper
	}
	return f.Handler
}
