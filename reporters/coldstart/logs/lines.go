package logs

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// parseMessage reads a line of the text log format. ok is false for any other line.
//
//	REPORT RequestId: ID⇥Duration: 1.2 ms⇥...⇥Init Duration: 303.63 ms
//	INIT_START Runtime Version: nodejs:22.v98⇥Runtime Version ARN: arn:...
//	INIT_REPORT Init Duration: 10000.1 ms⇥Phase: init⇥Status: timeout
//
// INIT_REPORT is written only for an init that failed, sometimes without a status.
func parseMessage(text string) (e entry, ok bool) {
	word, rest, _ := strings.Cut(text, " ")
	fields := parseFields(rest)
	switch word {
	case "REPORT":
		return parseReport(fields)
	case "INIT_START":
		version, ok := fields["Runtime Version"]
		return entry{kind: startEntry, runtimeVersion: version}, ok
	case "INIT_REPORT":
		_, ok := fields["Init Duration"]
		_, phase := fields["Phase"]
		return entry{kind: initEntry, failed: true}, ok || phase
	case "RESTORE_START", "RESTORE_REPORT":
		return entry{kind: restoreEntry, restored: true, runtimeVersion: fields["Runtime Version"]}, len(fields) > 0
	}
	return entry{}, false
}

func parseReport(fields map[string]string) (entry, bool) {
	e := entry{kind: reportEntry, request: fields["RequestId"]}
	memory, ok := quantity(fields["Memory Size"], "MB")
	duration, timed := quantity(fields["Duration"], "ms")
	if e.request == "" || !timed || !ok || !saneMemory(memory) {
		return e, false
	}
	e.memoryMB = int(memory)
	_, e.restored = fields["Restore Duration"]
	if text, there := fields["Init Duration"]; there {
		init, ok := quantity(text, "ms")
		if !ok || !saneInit(init) {
			return e, false
		}
		e.cold, e.init = true, init
		if billed, ok := quantity(fields["Billed Duration"], "ms"); ok {
			e.unbilled = billed < duration+init-1
		}
	}
	return e, true
}

// parseFields splits on TAB, then on the first ": ". If the tabs of a copied line
// became spaces, it reads word by word: a name ends with the word that has the
// colon, so "Billed Restore Duration" is not read as "Restore Duration". If a field
// repeats, the first one counts.
func parseFields(text string) map[string]string {
	fields := map[string]string{}
	put := func(name, value string) {
		if _, there := fields[name]; !there && name != "" {
			fields[name] = value
		}
	}
	if strings.Contains(text, "\t") {
		for part := range strings.SplitSeq(text, "\t") {
			if name, value, ok := strings.Cut(strings.TrimSpace(part), ": "); ok {
				put(name, strings.TrimSpace(value))
			}
		}
		return fields
	}
	words := strings.Fields(text)
	for i := 0; i < len(words); {
		start := i
		for i < len(words) && !strings.HasSuffix(words[i], ":") {
			i++
		}
		if i+1 >= len(words) {
			break
		}
		name := strings.TrimSuffix(strings.Join(words[start:i+1], " "), ":")
		value := words[i+1]
		i += 2
		if i < len(words) && (words[i] == "ms" || words[i] == "MB") {
			value += " " + words[i]
			i++
		}
		put(name, value)
	}
	return fields
}

// quantity reads a number with this unit, such as "303.63 ms".
func quantity(text, unit string) (float64, bool) {
	number, has, ok := strings.Cut(text, " ")
	if !ok || has != unit {
		return 0, false
	}
	return positive(number)
}

func positive(text string) (float64, bool) {
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && v >= 0 && !math.IsInf(v, 0)
}

// saneInit accepts up to 15 minutes, the longest possible init.
func saneInit(ms float64) bool { return ms > 0 && ms <= 900_000 }

func saneMemory(mb float64) bool { return mb >= 1 && mb <= 1<<17 && mb == math.Trunc(mb) }

// streamName matches "2026/08/01/[12]9f8e..." and, in a log group that functions
// share, "2026/08/01/orders[12]9f8e...".
// Source:
// docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html
var streamName = regexp.MustCompile(`^\d{4}/\d{2}/\d{2}/([A-Za-z0-9_-]*)\[([A-Za-z0-9_$-]+)\][0-9a-fA-F-]+$`)

func fromStream(stream string) (function, version string) {
	if m := streamName.FindStringSubmatch(stream); m != nil {
		return m[1], m[2]
	}
	return "", ""
}

// parseTime parses the time formats that CloudWatch tools print.
func parseTime(text string) (time.Time, bool) {
	if len(text) < len(time.DateOnly) || text[0] < '0' || text[0] > '9' {
		return time.Time{}, false
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999-0700"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), true
		}
	}
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil && ms > 0 && ms < 1e14 {
		return time.UnixMilli(ms).UTC(), true
	}
	return time.Time{}, false
}
