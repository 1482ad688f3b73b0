// Package migrate translates the settings of other bundlers into featherpack.yaml:
//
//  1. [Migrate] finds the tools that the manifests of a folder configure;
//  2. for each tool, a table (options.go) says what becomes of an option: a setting
//     of featherpack.yaml, or a remark;
//  3. values that may be secret are left out.
package migrate
