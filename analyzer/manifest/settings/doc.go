// Package settings reads featherpack.yaml:
//
//  1. [Read] reads what holds for a folder and below: build.go the settings of
//     "build" and "override", budgets.go and cold_start.go those of the whole
//     project;
//  2. [Functions] reads the functions that it names itself (functions.go);
//  3. check.go reads typed settings and collects what is wrong with them;
//  4. [Schema] is the file's JSON schema.
//
// Other manifests may state the settings of "build" too: [ReadBuild] and
// [ReadSetting] read them.
package settings
