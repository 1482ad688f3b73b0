package gobin

import (
	"debug/buildinfo"
	"strings"
)

// Std is the module name that [ModuleOf] returns for the standard library.
const Std = "std"

// ModuleOf returns the module that a package of the program belongs to, and its
// linked version. That is the toolchain's version for the standard library, the
// replacement's version for a replaced module ("(local)" for a folder), and empty
// for the main module unless a version was stamped.
//
// The build information comes from debug/buildinfo.ReadFile or runtime/debug.
func ModuleOf(info *buildinfo.BuildInfo, pkg string) (module, version string) {
	within := func(module string) bool {
		return module != "" && strings.HasPrefix(pkg, module) && (len(pkg) == len(module) || pkg[len(module)] == '/')
	}
	if within(info.Main.Path) {
		module, version = info.Main.Path, info.Main.Version
		if version == "(devel)" {
			version = ""
		}
	}
	for _, d := range info.Deps {
		if !within(d.Path) || len(d.Path) <= len(module) {
			continue
		}
		module, version = d.Path, d.Version
		if r := d.Replace; r != nil {
			if version = r.Version; version == "" || version == "(devel)" {
				version = "(local)"
			}
		}
	}
	if module != "" {
		return module, version
	}
	// A main package named on the command line by its files has no path.
	if pkg == info.Path || pkg == "main" || pkg == "command-line-arguments" {
		return info.Main.Path, ""
	}
	return Std, info.GoVersion
}
