// Package migrate translates the settings of other bundlers into featherpack.yaml:
//
//  1. [Migrate] finds the tools that the manifests of a folder configure;
//  2. it goes through the options of each by a table (options.go), which says
//     what becomes of an option: a setting, or a remark;
//  3. values that may be secrets are left out.
package migrate
