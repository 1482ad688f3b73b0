package logs

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// maxNesting limits how deeply messages may be nested in messages.
const maxNesting = 4

// readJSON reads a file of consecutive JSON values. It returns false if the file is
// not JSON, for example lines of text that start with a JSON value.
func (f *logFile) readJSON(data []byte) bool {
	d := json.NewDecoder(bytes.NewReader(data))
	for {
		var value json.RawMessage
		err := d.Decode(&value)
		if errors.Is(err, io.EOF) {
			return true
		}
		if err != nil {
			return false
		}
		f.value(value, origin{}, 0)
	}
}

// logObject holds the keys that identify the outputs of AWS tools. Other keys are
// skipped, however many there are.
type logObject struct {
	Results json.RawMessage `json:"results"` // aws logs get-query-results
	Status  json.RawMessage `json:"status"`
	Events  json.RawMessage `json:"events"` // aws logs filter-log-events, get-log-events

	Type   json.RawMessage `json:"type"` // a platform log
	Record json.RawMessage `json:"record"`

	AtTimestamp    json.RawMessage `json:"@timestamp"` // a row of Logs Insights
	AtMessage      json.RawMessage `json:"@message"`
	AtLog          json.RawMessage `json:"@log"`
	AtLogStream    json.RawMessage `json:"@logStream"`
	AtInitDuration json.RawMessage `json:"@initDuration"`
	AtMemorySize   json.RawMessage `json:"@memorySize"`
	AtRequestID    json.RawMessage `json:"@requestId"`

	Timestamp     json.RawMessage `json:"timestamp"` // a log event
	Message       json.RawMessage `json:"message"`
	LogGroupName  json.RawMessage `json:"logGroupName"`
	LogStreamName json.RawMessage `json:"logStreamName"`
}

func (o logObject) row() map[string]string {
	return map[string]string{
		"@timestamp": text(o.AtTimestamp), "@message": text(o.AtMessage), "@log": text(o.AtLog), "@logStream": text(o.AtLogStream),
		"@initDuration": text(o.AtInitDuration), "@memorySize": text(o.AtMemorySize), "@requestId": text(o.AtRequestID),
		"timestamp": text(o.Timestamp), "message": text(o.Message), "logGroupName": text(o.LogGroupName), "logStreamName": text(o.LogStreamName),
	}
}

// value finds messages in any of the JSON shapes that AWS tools print.
func (f *logFile) value(data json.RawMessage, from origin, depth int) {
	if depth > maxNesting {
		return
	}
	if isList(data) {
		elements(data, func(element json.RawMessage) { f.value(element, from, depth+1) })
		return
	}
	var object logObject
	if json.Unmarshal(data, &object) != nil {
		return
	}
	switch {
	case isList(object.Results):
		elements(object.Results, func(cells json.RawMessage) {
			row := map[string]string{}
			elements(cells, func(cell json.RawMessage) {
				var c struct{ Field, Value string }
				if len(row) < maxColumns && json.Unmarshal(cell, &c) == nil {
					row[c.Field] = c.Value
				}
			})
			f.row(row, from, depth)
		})
		status := text(object.Status)
		f.partial = f.partial || status != "" && status != "Complete"
	case isList(object.Events):
		f.value(object.Events, from, depth+1)
	case object.Record != nil && text(object.Type) != "":
		f.platform(data, from)
	default:
		f.row(object.row(), from, depth)
	}
}

// maxColumns is more columns than a Logs Insights query can return.
const maxColumns = 1000

func isList(data json.RawMessage) bool {
	return bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("["))
}

// elements decodes a list one element at a time, so that a list of very many small
// values does not need memory for all of them.
func elements(list json.RawMessage, each func(json.RawMessage)) {
	d := json.NewDecoder(bytes.NewReader(list))
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return
	}
	for d.More() {
		var element json.RawMessage
		if d.Decode(&element) != nil {
			return
		}
		each(element)
	}
}

// text is a JSON string or number as text, "" for any other value.
func text(data json.RawMessage) string {
	var s string
	if json.Unmarshal(data, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(data, &n) == nil {
		return n.String()
	}
	return ""
}

// row reads one result of Logs Insights, or one log event.
func (f *logFile) row(row map[string]string, from origin, depth int) {
	from.stream = cmp.Or(row["@logStream"], row["logStreamName"], from.stream)
	from.function = cmp.Or(fromLogGroup(cmp.Or(row["@log"], row["logGroupName"])), from.function)
	if at, ok := parseTime(cmp.Or(row["@timestamp"], row["timestamp"])); ok {
		from.time = at
	}
	if message := strings.TrimSpace(cmp.Or(row["@message"], row["message"])); message != "" {
		if strings.HasPrefix(message, "{") {
			f.value(json.RawMessage(message), from, depth+1)
		} else {
			f.message(message, from)
		}
		return
	}
	// Logs Insights discovers these fields. Its memory size is in bytes, and its
	// MB are 1,000,000 bytes.
	const megabyte = 1e6
	init, timed := positive(row["@initDuration"])
	memory, sized := positive(row["@memorySize"])
	if !timed || !saneInit(init) {
		return
	}
	if memory >= megabyte {
		memory /= megabyte
	}
	if !sized || !saneMemory(memory) {
		memory = 0
	}
	f.add(entry{kind: reportEntry, request: row["@requestId"], cold: true, init: init, memoryMB: int(memory)}, from)
}

// fromLogGroup is the function's name in "123456789012:/aws/lambda/orders". A log
// group with another kind of name may be shared; then the streams name the
// function.
func fromLogGroup(group string) string {
	if _, after, ok := strings.Cut(group, ":"); ok {
		group = after
	}
	name, ok := strings.CutPrefix(group, "/aws/lambda/")
	if !ok {
		return ""
	}
	return name
}

// platform reads one JSON platform log.
// Source: docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
func (f *logFile) platform(data json.RawMessage, from origin) {
	var log struct {
		Time   string `json:"time"`
		Type   string `json:"type"`
		Record struct {
			RequestID          string `json:"requestId"`
			Status             string `json:"status"`
			InitializationType string `json:"initializationType"`
			RuntimeVersion     string `json:"runtimeVersion"`
			FunctionName       string `json:"functionName"`
			FunctionVersion    string `json:"functionVersion"`
			Metrics            struct {
				Duration        *float64 `json:"durationMs"`
				BilledDuration  *float64 `json:"billedDurationMs"`
				MemorySize      float64  `json:"memorySizeMB"`
				InitDuration    *float64 `json:"initDurationMs"`
				RestoreDuration *float64 `json:"restoreDurationMs"`
			} `json:"metrics"`
		} `json:"record"`
	}
	if json.Unmarshal(data, &log) != nil {
		return
	}
	if at, ok := parseTime(log.Time); ok {
		from.time = at
	}
	r, m := log.Record, log.Record.Metrics
	e := entry{
		request: r.RequestID, function: r.FunctionName, version: r.FunctionVersion, runtimeVersion: r.RuntimeVersion,
		provisioned: r.InitializationType == "provisioned-concurrency",
		restored:    r.InitializationType == "snap-start",
	}
	switch log.Type {
	case "platform.initStart":
		e.kind = startEntry
	case "platform.initReport", "platform.initRuntimeDone":
		e.kind = initEntry
		e.failed = r.Status != "" && r.Status != "success"
	case "platform.restoreStart", "platform.restoreReport", "platform.restoreRuntimeDone":
		e.kind, e.restored = restoreEntry, true
	case "platform.report":
		e.kind = reportEntry
		if m.Duration == nil || !saneMemory(m.MemorySize) {
			return
		}
		e.memoryMB = int(m.MemorySize)
		e.restored = e.restored || m.RestoreDuration != nil
		if m.InitDuration != nil {
			if !saneInit(*m.InitDuration) {
				return
			}
			e.cold, e.init = true, *m.InitDuration
			e.unbilled = m.BilledDuration != nil && *m.BilledDuration < *m.Duration+*m.InitDuration-1
		}
	default:
		return
	}
	f.add(e, from)
}
