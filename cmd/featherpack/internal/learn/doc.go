// Package learn writes what a run of the source tree showed to be missing from a zip
// into featherpack.yaml.
package learn
