package analyzer

import "runtime"

// HostArchitecture is this machine's architecture in Lambda's spelling, or in Go's where
// Lambda has none.
func HostArchitecture() string {
	if runtime.GOARCH == "amd64" {
		return "x86_64"
	}
	return runtime.GOARCH
}

// RunsOn is the architecture that the function runs on: Lambda's default where it
// declares none.
func (f Function) RunsOn() string {
	if f.Architecture == "" {
		return "x86_64"
	}
	return f.Architecture
}
