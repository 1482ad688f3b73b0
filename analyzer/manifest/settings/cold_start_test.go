package settings_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

// TestColdStartSettings: inner files win, key by key; their paths are relative
// to the file that names them.
func TestColdStartSettings(t *testing.T) {
	p := manifesttest.Discover(t, manifesttest.Files{
		"featherpack.yaml": "coldStart: {region: eu-west-1, invocations: 10_000_000, coldShare: 0.5%, prices:" +
			" prices.json, powerTuning: all.json, computeOptimizer: recommended.json}",
		"api/featherpack.yaml": "functions: {a: a.js}\n" +
			"coldStart: {region: af-south-1, coefficients: ../own.json, powerTuning: {'a*': tuning.json}}",
		"api/a.js": "",
	}, manifest.Options{})
	want := analyzer.ColdStartSettings{
		Coefficients: "own.json", Prices: "prices.json", Region: "af-south-1", Invocations: 10_000_000, ColdShare: 0.005,
		PowerTuning: map[string]string{"a*": "api/tuning.json"}, ComputeOptimizer: "recommended.json",
	}
	if diff := cmp.Diff(want, p.ColdStart); diff != "" {
		t.Error(diff)
	}
}

func TestBadColdStartSettings(t *testing.T) {
	for _, test := range []struct{ config, message string }{
		{"coldStart: 1", "coldStart must be a mapping"},
		{"coldStart: {invocation: 1}", `coldStart has no setting "invocation"`},
		{"coldStart: {invocations: many}", "coldStart.invocations must be a whole number"},
		{"coldStart: {invocations: -5}", "coldStart.invocations must be a whole number"},
		{"coldStart: {coldShare: 2}", `coldStart.coldShare "2" is no share`},
		{"coldStart: {coldShare: 0%}", `coldStart.coldShare "0%" is no share`},
		{"coldStart: {coldShare: 101%}", `coldStart.coldShare "101%" is no share`},
		{"coldStart: {region: Ireland}", `coldStart.region "Ireland" is not a region`},
		{"coldStart: {prices: ../p.json}", `coldStart.prices "../p.json" is not within the project's root`},
		{"coldStart: {coefficients: /etc/passwd}", "is not within the project's root"},
		{"coldStart: {computeOptimizer: ../r.json}", `coldStart.computeOptimizer "../r.json" is not within the project's root`},
		{"coldStart: {computeOptimizer: [r.json]}", "coldStart.computeOptimizer must be"},
		{"coldStart: {powerTuning: [a]}", "coldStart.powerTuning must be a mapping"},
		{"coldStart: {powerTuning: {'a': ../../x}}", "is not within the project's root"},
		{"coldStart: {powerTuning: {'[': x}}", "is not a valid glob"},
	} {
		p := manifesttest.Discover(
			t, manifesttest.Files{"featherpack.yaml": "functions: {a: a.js}\n" + test.config, "a.js": ""}, manifest.Options{},
		)
		said := strings.Join(manifesttest.Reported(p), "\n")
		if !strings.Contains(said, test.message) || !strings.Contains(
			said, "error bad-config featherpack.yaml:2:",
		) {
			t.Errorf("%s tells %s", test.config, said)
		}
	}
}
