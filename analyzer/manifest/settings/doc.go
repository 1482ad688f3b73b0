// Package settings reads featherpack.yaml:
//
//  1. [Read] reads the settings of a folder and the folders below it. build.go reads
//     "build" and "override". budgets.go and cold_start.go read the settings of the
//     whole project;
//  2. [Functions] reads the functions that the file declares (functions.go);
//  3. check.go reads typed settings and collects problems;
//  4. [Schema] is the file's JSON schema.
//
// Other manifests may contain settings of "build" too. They use [ReadBuild] and
// [ReadSetting].
package settings
