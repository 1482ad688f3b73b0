package logs

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/featherpack/featherpack/analyzer"
)

// Logs are the entries about starts from log files.
type Logs struct {
	entries []entry
	// Repeated counts entries that occur in several files and were skipped.
	Repeated int
	// Partial is set if a Logs Insights query had not finished.
	Partial bool
	seen    map[string]bool
}

// The limits of a log file. A REPORT line has about 250 bytes.
const (
	maxLogBytes = 256 << 20
	maxEntries  = 1_000_000
)

// Read adds a file in one of these formats: lines as CloudWatch stores them
// (REPORT, INIT_START, INIT_REPORT, or JSON platform logs, also with the prefixes
// that "aws logs tail" prints), the JSON of "aws logs filter-log-events" and
// "get-query-results", or the JSON and CSV that the Logs Insights console exports.
// function is the function the file is about, "" if the file itself names it.
// Errors are [analyzer.Diagnostic] without the file's name.
func (l *Logs) Read(r io.Reader, function string) error {
	data, err := io.ReadAll(io.LimitReader(r, maxLogBytes+1))
	if err != nil {
		return fmt.Errorf("reading the logs: %w", err)
	}
	if len(data) > maxLogBytes {
		return badLogs("the file is larger than 256 MiB", "export cold starts only: featherpack calibrate --query prints a query for them")
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	f := logFile{function: function}
	switch start := bytes.TrimLeft(data, " \t\r\n"); {
	case len(start) == 0:
		return badLogs("the file is empty", "featherpack calibrate --query prints a query that finds cold starts")
	case bytes.IndexByte(data[:min(len(data), 1<<12)], 0) >= 0:
		return badLogs("the file is not text", "unpack it first if it is compressed")
	case start[0] == '{' || start[0] == '[':
		if !f.readJSON(start) {
			f.entries, f.partial = nil, false
			f.readLines(data)
		}
	case isTable(data):
		err = f.readTable(data)
	default:
		f.readLines(data)
	}
	if err == nil {
		err = f.problem()
	}
	if err != nil {
		return err
	}
	f.settle()
	l.Partial = l.Partial || f.partial
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	for _, e := range f.entries {
		if e.kind == reportEntry && e.request != "" {
			if l.seen[e.request] {
				l.Repeated++
				continue
			}
			l.seen[e.request] = true
		}
		l.entries = append(l.entries, e)
	}
	if len(l.entries) >= maxEntries {
		return badLogs("there are more than 1,000,000 entries", "export cold starts only: featherpack calibrate --query prints a query for them")
	}
	return nil
}

func badLogs(message, hint string) analyzer.Diagnostic {
	return analyzer.Diagnostic{Code: "cold-start-logs", Severity: analyzer.Error, Message: message, Hint: hint}
}

// entryKind is the kind of a log entry.
type entryKind int

const (
	startEntry   entryKind = iota // an environment starts to initialise
	reportEntry                   // an invocation ended
	initEntry                     // an init ended; matters only if it failed or was not on demand
	restoreEntry                  // a snapshot was restored
)

// entry is one log entry about a start.
type entry struct {
	kind entryKind
	// stream is the log stream, which identifies the environment, "" if unknown.
	stream  string
	time    time.Time
	request string

	function, version, runtimeVersion string
	memoryMB                          int
	// init is in ms; cold is set if there was one.
	cold bool
	init float64
	// unbilled is set if the billed duration does not include the init.
	unbilled    bool
	restored    bool
	provisioned bool
	failed      bool
	// mixed names what the entry cannot be assigned to, such as "functions".
	mixed string
}

// origin is where a message comes from, as far as the file tells.
type origin struct {
	stream, function string
	time             time.Time
}

// logFile is one file while it is being read.
type logFile struct {
	function string
	entries  []entry
	partial  bool
	// columns are the columns of a table.
	columns []string
}

func (f *logFile) add(e entry, from origin) {
	if len(f.entries) >= maxEntries {
		return
	}
	e.stream, e.time = from.stream, from.time
	e.function = cmp.Or(e.function, from.function)
	name, version := fromStream(from.stream)
	e.function, e.version = cmp.Or(e.function, name), cmp.Or(e.version, version)
	f.entries = append(f.entries, e)
}

// message reads one log message.
func (f *logFile) message(text string, from origin) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "{") {
		f.value(json.RawMessage(text), from, 1)
		return
	}
	if e, ok := parseMessage(text); ok {
		f.add(e, from)
	}
}

func (f *logFile) readLines(data []byte) {
	for line := range bytes.Lines(data) {
		text := string(bytes.TrimSpace(line))
		var from origin
		for range 3 {
			word, rest, ok := strings.Cut(text, " ")
			if !ok {
				break
			}
			if at, ok := parseTime(word); ok && len(word) >= len("2006-01-02T15:04:05") {
				from.time = at
			} else if streamName.MatchString(word) {
				from.stream = word
			} else {
				break
			}
			text = strings.TrimLeft(rest, " \t")
		}
		f.message(text, from)
	}
}

// isTable recognises the header of a CSV export of Logs Insights or of a log
// stream.
func isTable(data []byte) bool {
	first, _, _ := bytes.Cut(data, []byte("\n"))
	for name := range strings.SplitSeq(strings.TrimSpace(string(first)), ",") {
		name = strings.Trim(name, `"`)
		if strings.HasPrefix(name, "@") || name == "message" {
			return true
		}
	}
	return false
}

func (f *logFile) readTable(data []byte) error {
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = -1, true, true
	header, err := r.Read()
	if err != nil {
		return badLogs("the file is not a table: "+reasonCSV(err), "export it from Logs Insights as CSV or JSON")
	}
	f.columns = slices.Clone(header)
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return badLogs("the file is not a table: "+reasonCSV(err), "export it from Logs Insights as CSV or JSON")
		}
		row := map[string]string{}
		for i, value := range record[:min(len(record), len(f.columns), maxColumns)] {
			row[f.columns[i]] = value
		}
		f.row(row, origin{}, 0)
	}
}

func reasonCSV(err error) string {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return fmt.Sprintf("line %d: %v", parse.Line, parse.Err)
	}
	return err.Error()
}

// problem returns an error if the file has no usable entry.
func (f *logFile) problem() error {
	if len(f.entries) > 0 {
		return nil
	}
	hint := "featherpack calibrate --query prints a query that finds cold starts"
	if len(f.columns) > 0 {
		return badLogs(fmt.Sprintf("no row describes a start; the columns are %s", strings.Join(f.columns[:min(len(f.columns), 12)], ", ")), hint)
	}
	return badLogs("no line is a REPORT, INIT_START or INIT_REPORT, or a JSON platform log", hint)
}

// settle completes every entry with what is known about its environment. An
// environment is one log stream. Entries without a stream can be assigned only if
// the file has a single function, version and runtime version.
func (f *logFile) settle() {
	type known struct{ functions, versions, runtimes map[string]bool }
	streams := map[string]*known{}
	at := func(stream string) *known {
		k := streams[stream]
		if k == nil {
			k = &known{map[string]bool{}, map[string]bool{}, map[string]bool{}}
			streams[stream] = k
		}
		return k
	}
	note := func(set map[string]bool, value string) {
		if value != "" {
			set[value] = true
		}
	}
	named := map[string]bool{}
	for i := range f.entries {
		e := &f.entries[i]
		note(named, e.function)
		if f.function != "" {
			e.function = f.function
		}
		k := at(e.stream)
		note(k.functions, e.function)
		note(k.versions, e.version)
		note(k.runtimes, e.runtimeVersion)
	}
	for i := range f.entries {
		e := &f.entries[i]
		k := at(e.stream)
		fill := func(value *string, set map[string]bool, what string) {
			switch {
			case *value != "" || len(set) == 0:
			case len(set) == 1:
				for only := range set {
					*value = only
				}
			default:
				e.mixed = what
			}
		}
		fill(&e.runtimeVersion, k.runtimes, "runtime versions")
		fill(&e.version, k.versions, "function versions")
		fill(&e.function, k.functions, "functions")
		if f.function != "" && len(named) > 1 {
			e.mixed = "functions"
		}
	}
}
