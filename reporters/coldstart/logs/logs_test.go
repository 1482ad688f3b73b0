package logs

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// Lines as Lambda logs them.
var (
	coldLine    = line("cold")
	warmLine    = line("warm")
	restoreLine = line("restore")
	startLine   = line("init")
)

// line is a file of testdata without its last line break.
func line(name string) string {
	text, err := os.ReadFile("testdata/" + name + ".txt")
	if err != nil {
		panic(err)
	}
	return strings.TrimSuffix(string(text), "\n")
}

func TestParseMessage(t *testing.T) {
	cold := entry{kind: reportEntry, request: "6f1c", memoryMB: 512, cold: true, init: 303.63}
	for _, test := range []struct {
		name string
		line string
		want entry
		not  bool
	}{
		{"a cold start", coldLine, cold, false},
		{"a copy with spaces for tabs", strings.ReplaceAll(coldLine, "\t", "  "), cold, false},
		{
			"a traced one that failed",
			coldLine + "XRAY TraceId: 1-5e\tSegmentId: 3a\tSampled: true\tStatus: error\tError Type: Runtime.ExitError",
			cold, false,
		},
		{"a warm one", warmLine, entry{kind: reportEntry, request: "77aa", memoryMB: 512}, false},
		{
			"the init was not billed", strings.Replace(coldLine, "1817 ms", "1514 ms", 1),
			entry{kind: reportEntry, request: "6f1c", memoryMB: 512, cold: true, init: 303.63, unbilled: true}, false,
		},
		{
			"a snapshot, in any order", restoreLine,
			entry{kind: reportEntry, request: "88bb", memoryMB: 512, restored: true}, false,
		},
		{
			"a billed restore is not a restore", strings.Replace(restoreLine, "\tRestore Duration: 400.01 ms", "", 1),
			entry{kind: reportEntry, request: "88bb", memoryMB: 512}, false,
		},
		{
			"a billed restore with spaces",
			strings.ReplaceAll(strings.Replace(restoreLine, "\tRestore Duration: 400.01 ms", "", 1), "\t", " "),
			entry{kind: reportEntry, request: "88bb", memoryMB: 512}, false,
		},
		{"an init", startLine, entry{kind: startEntry, runtimeVersion: "nodejs:22.mainline.v98"}, false},
		{
			"a failed init", "INIT_REPORT Init Duration: 10008.29 ms\tPhase: init\tStatus: timeout",
			entry{kind: initEntry, failed: true}, false,
		},
		{
			"a failed init without status", "INIT_REPORT Init Duration: 3008.29 ms\tPhase: invoke",
			entry{kind: initEntry, failed: true}, false,
		},
		{
			"a restore", "RESTORE_START Runtime Version: python:3.13.v1\tRuntime Version ARN: arn:x",
			entry{kind: restoreEntry, restored: true, runtimeVersion: "python:3.13.v1"}, false,
		},
		{
			"the function's own line", "2026-08-01T10:00:00Z INFO REPORT RequestId: 1\tInit Duration: 1 ms", entry{},
			true,
		},
		{"no memory size", "REPORT RequestId: 1\tDuration: 1 ms\tInit Duration: 2 ms", entry{}, true},
		{"another unit", strings.Replace(coldLine, "303.63 ms", "303.63 s", 1), entry{}, true},
		{"not a number", strings.Replace(coldLine, "303.63", "NaN", 1), entry{}, true},
		{"no time at all", strings.Replace(coldLine, "303.63", "0", 1), entry{}, true},
		{"absurd", strings.Replace(coldLine, "303.63", "1e300", 1), entry{}, true},
		{"half a megabyte", strings.Replace(coldLine, "512 MB", "0.5 MB", 1), entry{}, true},
		{"START", "START RequestId: 6f1c Version: $LATEST", entry{}, true},
	} {
		got, ok := parseMessage(strings.TrimSpace(test.line))
		if ok == test.not || ok && got != test.want {
			t.Errorf("%s: %+v, %t; want %+v", test.name, got, ok, test.want)
		}
	}
}

var (
	platformStart   = line("platform-start")
	platformInit    = line("platform-init")
	platformReport  = line("platform-report")
	platformRestore = line("platform-restore")
	platformFailed  = line("platform-failed")
	platformKept    = line("platform-kept")
)

const stream = "2026/08/01/[12]9f8e7d6c5b4a39281706f5e4d3c2b1a0"

// TestFormats reads one cold start in every supported format.
func TestFormats(t *testing.T) {
	quoted := strings.ReplaceAll(coldLine, "\t", `\t`)
	for _, test := range []struct {
		name, function, file string
		want                 Group
	}{
		{"lines of one environment", "orders",
			startLine + "\nSTART RequestId: 6f1c Version: 12\nhello\n" + coldLine + "\n",
			Group{Function: "orders", RuntimeVersion: "nodejs:22.mainline.v98", MemoryMB: 512}},
		{"aws logs tail", "",
			"2026-08-01T10:00:02.000000+00:00 " + stream + " " + startLine + "\n2026-08-01T10:00:02.000000+00:00 " +
				stream + " " + coldLine + "\n",
			Group{Version: "12", RuntimeVersion: "nodejs:22.mainline.v98", MemoryMB: 512}},
		{"a shared log group", "", "2026/08/01/orders[12]9f8e " + coldLine + "\n",
			Group{Function: "orders", Version: "12", MemoryMB: 512}},
		{"platform logs", "", platformStart + "\n" + platformInit + "\n" + platformReport + "\n",
			Group{Function: "orders", Version: "12", RuntimeVersion: "nodejs:22.v98", MemoryMB: 512}},
		{"platform logs of aws logs tail", "",
			"2026-08-01T10:00:00 " + stream + " " + platformStart + "\n2026-08-01T10:00:00 " + stream + " " +
				platformReport,
			Group{Function: "orders", Version: "12", RuntimeVersion: "nodejs:22.v98", MemoryMB: 512}},
		{"platform logs among lines", "", "{ not JSON\n" + platformStart + "\n" + platformReport + "\n",
			Group{Function: "orders", Version: "12", RuntimeVersion: "nodejs:22.v98", MemoryMB: 512}},
		{"aws logs filter-log-events", "orders",
			`{"events": [{"logStreamName": "` + stream + `", "timestamp": 1785578402000, "message": "` + quoted +
				`\n"}]}`,
			Group{Function: "orders", Version: "12", MemoryMB: 512}},
		{"aws logs get-query-results", "",
			`{"status": "Complete", "statistics": {}, "results": [[` +
				`{"field": "@timestamp", "value": "2026-08-01 10:00:02.000"}, ` +
				`{"field": "@log", "value": "123456789012:/aws/lambda/orders"}, ` +
				`{"field": "@logStream", "value": "` + stream + `"}, {"field": "@message", "value": "` + quoted + `"}, ` +
				`{"field": "@ptr", "value": "x"}]]}`,
			Group{Function: "orders", Version: "12", MemoryMB: 512}},
		{"discovered fields, memory in bytes", "",
			`{"results": [[{"field": "@log", "value": "123456789012:/aws/lambda/orders"}, ` +
				`{"field": "@initDuration", "value": "303.63"}, {"field": "@memorySize", "value": "5.12E8"}]]}`,
			Group{Function: "orders", MemoryMB: 512}},
		{"the console's JSON", "",
			`[{"@timestamp": "2026-08-01 10:00:02.000", "@log": "1:/aws/lambda/orders", "@message": ` +
				jsonOf(platformReport) + `}]`,
			Group{Function: "orders", MemoryMB: 512}},
		{"the console's CSV", "",
			"\ufeff@timestamp,@log,@logStream,@message\n2026-08-01 10:00:02.000,1:/aws/lambda/orders," + stream +
				",\"" + coldLine + "\n\"\n",
			Group{Function: "orders", Version: "12", MemoryMB: 512}},
		{"a log stream's CSV", "orders", "timestamp,message\n1785578402000,\"" + coldLine + "\"\n",
			Group{Function: "orders", MemoryMB: 512}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var logs Logs
			if err := logs.Read(strings.NewReader(test.file), test.function); err != nil {
				t.Fatal(err)
			}
			groups := logs.Groups()
			if len(groups) != 1 || len(groups[0].Inits) != 1 || groups[0].Inits[0] != 303.63 {
				t.Fatalf("%+v", groups)
			}
			got := Group{
				Function: groups[0].Function, Version: groups[0].Version, RuntimeVersion: groups[0].RuntimeVersion,
				MemoryMB: groups[0].MemoryMB,
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func jsonOf(text string) string { return `"` + strings.ReplaceAll(text, `"`, `\"`) + `"` }

func TestBrokenLogs(t *testing.T) {
	for _, test := range []struct{ name, file, message string }{
		{"empty", " \n", "the file is empty"},
		{"binary", "PK\x03\x04\x00\x00", "the file is not text"},
		{"other lines", "hello\nworld\n", "no line is a REPORT"},
		{"JSON of something else", `{"functions": []}`, "no line is a REPORT"},
		{
			"a query that adds up", "@timestamp,bin(5m),avg(@initDuration)\n1,2,3\n",
			"no row describes a start; the columns are @timestamp, bin(5m), avg(@initDuration)",
		},
	} {
		var logs Logs
		err := logs.Read(strings.NewReader(test.file), "")
		var d analyzer.Diagnostic
		if !errors.As(err, &d) || !strings.Contains(d.Message, test.message) || d.Hint == "" {
			t.Errorf("%s: %v, want %q", test.name, err, test.message)
		}
	}
}

// starts returns n REPORT lines of cold starts around ms.
func starts(n int, ms float64, edit func(line string) string) string {
	var b strings.Builder
	for i := range n {
		line := fmt.Sprintf(
			"REPORT RequestId: %s%d-%g\tDuration: 3 ms\tBilled Duration: %d ms\t"+
				"Memory Size: 512 MB\tMax Memory Used: 90 MB\tInit Duration: %.2f ms\t",
			"r", i, ms, int(ms)+60, ms+float64(i*7%23)-11,
		)
		if edit != nil {
			line = edit(line)
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// TestRefusedGroups lists what cannot be compared, with the reasons.
func TestRefusedGroups(t *testing.T) {
	for _, test := range []struct{ name, file, want string }{
		{"a sample", startLine + "\n" + starts(12, 140, nil), ""},
		{"too few", starts(9, 140, nil), "9 cold starts are fewer than 10"},
		{
			"snapshots", starts(12, 140, nil) + restoreLine,
			"it starts from a snapshot (Restore lines), so its start loads nothing",
		},
		{
			"snapshots as JSON", starts(12, 140, nil) + platformRestore,
			"it starts from a snapshot (Restore lines), so its start loads nothing",
		},
		{
			"provisioned", starts(12, 140, nil) + platformKept,
			"it has provisioned concurrency, so its init has no full vCPU and no caller waits for it",
		},
		{
			"failed inits",
			starts(12, 140, nil) + "INIT_REPORT Init Duration: 10000.00 ms\tPhase: init\tStatus: timeout\n" +
				platformFailed,
			"2 inits failed (INIT_REPORT), so REPORT lines include second attempts",
		},
		{
			"two runtime versions in one file",
			startLine + "\n" + starts(12, 140, nil) + strings.Replace(startLine, "v98", "v99", 1),
			"it mixes several runtime versions, and the lines do not say which start belongs to which",
		},
	} {
		var logs Logs
		if err := logs.Read(strings.NewReader(test.file), "orders"); err != nil {
			t.Fatal(err)
		}
		groups := logs.Groups()
		if len(groups) != 1 || groups[0].Refused != test.want {
			t.Errorf("%s: %+v\nwant refused %q", test.name, groups, test.want)
		}
	}
	var logs Logs
	two := `[{"@log":"1:/aws/lambda/a","@initDuration":140,"@memorySize":5.12e8},` +
		`{"@log":"1:/aws/lambda/b","@initDuration":140,"@memorySize":5.12e8}]`
	if err := logs.Read(strings.NewReader(two), "orders"); err != nil {
		t.Fatal(err)
	}
	if groups := logs.Groups(); len(groups) != 1 || !strings.Contains(groups[0].Refused, "several functions") {
		t.Errorf("logs of two functions, named as one: %+v", groups)
	}
}

func TestGroups(t *testing.T) {
	var logs Logs
	read := func(file, function string) {
		t.Helper()
		if err := logs.Read(strings.NewReader(file), function); err != nil {
			t.Fatal(err)
		}
	}
	orders := startLine + "\n" + starts(12, 140, nil)
	read(orders, "orders")
	read(orders, "orders") // the same export again
	read(starts(11, 150, func(line string) string { return strings.Replace(line, "512 MB", "1024 MB", 1) }), "orders")
	read(starts(10, 160, nil)+warmLine, "users")
	if logs.Repeated != 12 {
		t.Errorf("%d entries are repeated, want 12", logs.Repeated)
	}
	var got []string
	for _, g := range logs.Groups() {
		got = append(
			got,
			fmt.Sprintf(
				"%s %s %d MB: %d cold, %d warm", g.Function, g.RuntimeVersion, g.MemoryMB, len(g.Inits), g.Warm,
			),
		)
	}
	want := []string{
		"orders  1024 MB: 10 cold, 0 warm", "orders nodejs:22.mainline.v98 512 MB: 11 cold, 0 warm",
		"users  512 MB: 10 cold, 1 warm",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	users := logs.Groups()[2]
	if share, ok := users.ColdShare(); !ok || share != 10.0/11 {
		t.Errorf("cold share %v, %t", share, ok)
	}
	if users.Resolution() < 5 || users.Resolution() > 20 {
		t.Errorf("tells %v ms apart", users.Resolution())
	}
}

func TestFirstStartIsLeftOut(t *testing.T) {
	var b strings.Builder
	for i := 15; i >= 0; i-- { // newest first
		at := time.Date(2026, 8, 1, 10, i, 0, 0, time.UTC)
		ms := 140.0
		if i == 0 {
			ms = 900
		}
		fmt.Fprintf(&b, "%s %s", at.Format(time.RFC3339), starts(1, ms+float64(i), nil))
	}
	var logs Logs
	if err := logs.Read(strings.NewReader(b.String()), ""); err != nil {
		t.Fatal(err)
	}
	g := logs.Groups()[0]
	if len(g.Inits) != 15 || g.Inits[0] > 200 || g.Newest.Minute() != 15 {
		t.Errorf("%+v", g)
	}
}

func TestRuntime(t *testing.T) {
	for version, want := range map[string]string{
		"nodejs:22.mainline.v98": "nodejs22.x", "nodejs:24.v3": "nodejs24.x", "provided:al2023.v90": "provided.al2023",
		"provided:al2.v1": "provided.al2", "python:3.13.v1": "", "nodejs": "", "": "",
	} {
		if got := (Group{RuntimeVersion: version}).Runtime(); got != want {
			t.Errorf("%q is %q, want %q", version, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		coldLine, warmLine + "\n" + restoreLine, startLine, platformStart + "\n" + platformReport,
		"[" + platformReport + "]",
		`{"results": [[{"field": "@message", "value": "x"}]], "status": "Running"}`,
		"@message,@log\n\"REPORT\",1:/aws/lambda/x\n",
		`{"events": [{"message": "{\"message\": \"{}\"}"}]}`,
		"2026-08-01T10:00:02.000000+00:00 " + stream + " " + coldLine,
	} {
		f.Add(seed, "orders")
	}
	f.Fuzz(func(t *testing.T, file, function string) {
		defer inputtest.Bound(t)()
		var logs Logs
		if err := logs.Read(strings.NewReader(file), function); err != nil {
			var d analyzer.Diagnostic
			if !errors.As(err, &d) || d.Message == "" || d.Hint == "" {
				t.Fatalf("%#v", err)
			}
			return
		}
		for _, g := range logs.Groups() {
			for _, init := range g.Inits {
				if !saneInit(init) {
					t.Fatalf("%+v", g)
				}
			}
			if g.Refused == "" && len(g.Inits) < fewestColds {
				t.Fatalf("%+v", g)
			}
		}
	})
}
