package main

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

// bootedReport writes a report of started functions with the given CPU times in ms.
func bootedReport(t *testing.T, cpu map[string][]float64) string {
	t.Helper()
	dir := t.TempDir()
	var built []reporters.Built
	var project analyzer.Project
	for _, name := range []string{"heavy", "light", "middle"} {
		f := analyzer.Function{
			Name: name, Family: analyzer.Node, Runtime: "nodejs22.x", Architecture: "arm64", MemoryMB: 512,
			Format: "featherpack", ServiceDir: ".", Entry: name + ".js", Handler: name + ".handler",
		}
		files := []packager.File{{Name: name + ".js", Content: []byte("exports.handler = async () => 1")}}
		b := packager.Bundle{Function: f, ID: name, Entry: -1, Files: files}
		artifact, err := packager.Pack(context.Background(), b, dir, packager.Options{})
		if err != nil {
			t.Fatal(err)
		}
		project.Functions = append(project.Functions, f)
		built = append(built, reporters.Built{Bundle: b, Artifact: &artifact})
	}
	report := reporters.New(project, built, nil, nil, "test")
	for i := range report.Functions {
		if samples := cpu[report.Functions[i].ID]; samples != nil {
			report.Functions[i].Boot = &packager.Boot{Status: "loads", CPUMillis: samples, LoadMillis: samples}
		}
	}
	var text bytes.Buffer
	if err := reporters.JSON(&text, report); err != nil {
		t.Fatal(err)
	}
	return fileWith(t, "report.json", text.String())
}

func fileWith(t *testing.T, name, content string) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// around returns n samples close to a value.
func around(n int, ms float64) []float64 {
	samples := make([]float64, n)
	for i := range samples {
		samples[i] = ms + math.Mod(float64(i)*1.7, 5) - 2.5
	}
	return samples
}

// coldStarts returns results of the printed query, for functions with the given median
// init times.
func coldStarts(n int, inits map[string]float64) string {
	var rows []string
	for _, name := range []string{"heavy", "light", "middle"} {
		if inits[name] == 0 {
			continue
		}
		for i, ms := range around(n, inits[name]) {
			message := fmt.Sprintf(`REPORT RequestId: %s-%d\tDuration: 2.00 ms\tBilled Duration: %.0f ms\t`+
				`Memory Size: 512 MB\tMax Memory Used: 80 MB\tInit Duration: %.2f ms\t\n`, name, i, ms+3, ms)
			rows = append(rows, fmt.Sprintf(`[{"field": "@timestamp", "value": "2026-09-01 10:%02d:00.000"}, `+
				`{"field": "@log", "value": "1234:/aws/lambda/shop-prod-%s"}, `+
				`{"field": "@logStream", "value": "2026/09/01/[7]%04x"}, {"field": "@message", "value": "%s"}]`,
				i%60, name, i, message))
		}
	}
	return `{"status": "Complete", "results": [` + strings.Join(rows, ",\n") + `]}`
}

// threeSizes returns samples of three functions with different load times.
func threeSizes() map[string][]float64 {
	return map[string][]float64{"light": around(15, 62), "middle": around(15, 110), "heavy": around(15, 205)}
}

// TestCalibrate fits constants to logs and a report, and then uses the constants in a
// projection, which is marked as calibrated.
func TestCalibrate(t *testing.T) {
	// In this account, 1 ms on this machine is 2.5 ms of init on Lambda.
	report := bootedReport(t, threeSizes())
	inits := map[string]float64{"light": 135, "middle": 135 + 2.5*48, "heavy": 135 + 2.5*143}
	logs := fileWith(t, "logs.json", coldStarts(40, inits))
	out := filepath.Join(t.TempDir(), "cold-start.json")
	var stdout, stderr bytes.Buffer
	if status := run([]string{"calibrate", logs, "--report", report, "-o", out}, &stdout, &stderr); status != exitGood {
		t.Fatalf("exit %d\n%s%s", status, &stdout, &stderr)
	}
	for _, want := range []string{
		"shop-prod-heavy", "nodejs22.x arm64 512 MB: 1 ms here is 2.5",
		"Theil-Sen line, artifacts: 3, cold starts: 117",
	} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("%q is not in\n%s", want, &stdout)
		}
	}

	f, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	own, err := coldstart.ReadCoefficients(f)
	if err != nil {
		t.Fatal(err)
	}
	if k := own.Calibrations; len(k) != 1 || !k[0].Factor.Holds(2.5) || k[0].Date != "2026-09-01" {
		t.Errorf("%+v", k)
	}
	side := coldstart.Side{ZipBytes: 1000, UnzippedBytes: 2000}
	p := own.Project(coldstart.Input{
		Family: "node", Runtime: "nodejs22.x", Architecture: "arm64", MemoryMB: 512,
		Before: side, After: side,
		Measured: &coldstart.Load{Before: around(15, 205), After: around(15, 110)},
	})
	const how = "load measured locally (CPU) x2.5, calibrated with logs of 2026-09-01"
	if !strings.Contains(p.String(), how) || math.Abs(p.Load.Central-2.5*95) > 8 {
		t.Errorf("%s", p)
	}

	// Another run adds constants to the file, and replaces those for the same runtime.
	args := []string{"calibrate", logs, "--report", report, "--coefficients", out, "-o", out}
	if status := run(args, &stdout, &stderr); status != exitGood {
		t.Fatalf("exit %d\n%s", status, &stderr)
	}
	if again, err := os.ReadFile(out); err != nil || strings.Count(string(again), `"runtime"`) != 1 {
		t.Errorf("%v\n%s", err, again)
	}
}

func TestCalibrateWithoutFitWritesNothing(t *testing.T) {
	booted := bootedReport(t, threeSizes())
	falling := coldStarts(40, map[string]float64{"light": 400, "middle": 300, "heavy": 200})
	two := coldStarts(40, map[string]float64{"light": 135, "heavy": 400})
	broken := fileWith(t, "c.json", `{"schema": 9}`)
	for _, test := range []struct {
		name, report, logs, want string
		more                     []string
	}{
		{"a line that falls", booted, falling, "the fitted slope is not positive", nil},
		{"two artifacts, no base", booted, two,
			"2 artifacts with 30 or more cold starts, too few for a line (3 needed)", nil},
		{"nothing was started", bootedReport(t, nil), two, "no function of the report was started", nil},
		{"too few samples", booted, coldStarts(9, map[string]float64{"light": 135}), "none of the logs can be used",
			nil},
		{"not a report", fileWith(t, "x.json", "{}"), two, "the file is not a report of featherpack", nil},
		{"broken constants", booted, two, "the constants file has version 9", []string{"--coefficients", broken}},
	} {
		out := filepath.Join(t.TempDir(), "cold-start.json")
		var stdout, stderr bytes.Buffer
		logs := fileWith(t, "logs.json", test.logs)
		args := append([]string{"calibrate", logs, "--report", test.report, "-o", out}, test.more...)
		if status := run(args, &stdout, &stderr); status != exitFailed || !strings.Contains(stderr.String(),
			test.want) {
			t.Errorf("%s: exit %d, want %q in\n%s", test.name, status, test.want, &stderr)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s: the constants were written", test.name)
		}
	}
	var stdout, stderr bytes.Buffer
	args := []string{"calibrate", fileWith(t, "logs.json", two), "--report", booted, "--local-base", "60"}
	status := run(args, &stdout, &stderr)
	if status != exitGood || !strings.Contains(stdout.String(), "single artifact, artifacts: 1, cold starts: 39") {
		t.Errorf("exit %d\n%s%s", status, &stdout, &stderr)
	}
}
