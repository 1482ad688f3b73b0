package reporters

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
)

// The limits of a report. A report of 2,000 functions has about 50 MB.
const (
	maxReportBytes = 256 << 20
	maxFunctions   = 50_000
	maxInputs      = 2_000_000
	// MaxBytes keeps any sum of sizes within an int64.
	MaxBytes = 1 << 40
)

// Read reads a report that [JSON] wrote. It returns an [analyzer.Diagnostic] if the
// report is broken, not a report, newer than this program, or inconsistent. The
// diagnostic's position has no file name.
func Read(r io.Reader) (Report, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxReportBytes+1))
	if err != nil {
		return Report{}, fmt.Errorf("reading the report: %w", err)
	}
	if len(data) > maxReportBytes {
		return Report{}, unreadable("the report is larger than 256 MiB", "build fewer functions at a time with --only")
	}
	if d := foreign(data); d != nil {
		return Report{}, *d
	}
	var s saved
	if err := json.Unmarshal(data, &s); err != nil {
		return Report{}, asUnreadable(err, data)
	}
	report := s.Report
	report.Functions = append([]Function{}, s.Functions...)
	report.Inputs = append([]analyzer.Input{}, s.Inputs...)
	if problem := inconsistent(&report); problem != "" {
		return Report{}, unreadable("the report is inconsistent: "+problem, remake)
	}
	return report, nil
}

const remake = "create it again with featherpack build"

// saved is a report whose long lists have a size limit.
type saved struct {
	Report
	Functions functionList `json:"functions"`
	Inputs    inputList    `json:"inputs"`
}

type (
	functionList []Function
	inputList    []analyzer.Input
)

func (l *functionList) UnmarshalJSON(data []byte) error {
	return readList(data, (*[]Function)(l), maxFunctions, "functions")
}

func (l *inputList) UnmarshalJSON(data []byte) error {
	return readList(data, (*[]analyzer.Input)(l), maxInputs, "inputs")
}

func readList[T any](data []byte, list *[]T, limit int, what string) error {
	*list = []T{}
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return unreadable(fmt.Sprintf("%s is not a list", what), remake)
	}
	for d.More() {
		if len(*list) == limit {
			return unreadable(fmt.Sprintf("the report has more than %s %s", Count(limit), what), "build fewer functions at a time with --only")
		}
		var element T
		if err := d.Decode(&element); err != nil {
			return err
		}
		*list = append(*list, element)
	}
	return nil
}

// foreign reports a file that is not a report, or a report of a later version. It reads
// only the outermost keys.
func foreign(data []byte) *analyzer.Diagnostic {
	problem := func(message, hint string) *analyzer.Diagnostic {
		d := unreadable(message, hint)
		return &d
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return problem("the report is empty", remake)
	}
	if sparse(data) {
		return problem("the report consists almost only of empty objects", remake)
	}
	var top map[string]json.RawMessage
	if err := json.Unmarshal(data, &top); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			d := asUnreadable(err, data)
			return &d
		}
		return problem("the file is not a report of featherpack", "pass the report.json of a build")
	}
	var tool Tool
	var version int
	if json.Unmarshal(top["tool"], &tool) != nil || tool.Name != "featherpack" || json.Unmarshal(top["schema"], &version) != nil || version < 1 {
		hint := "pass the report.json of a build"
		if top["outputs"] != nil && top["inputs"] != nil {
			hint = "this looks like a metafile of esbuild; " + hint
		}
		return problem("the file is not a report of featherpack", hint)
	}
	if version > SchemaVersion {
		return problem(fmt.Sprintf("the report has format version %d, but this featherpack reads version %d", version, SchemaVersion),
			"update featherpack, or create the report again with this version")
	}
	return nil
}

// sparse detects small files that would need very much memory. The smallest object of a
// report has 20 bytes, and no list of a report contains null or {}.
func sparse(data []byte) bool {
	values, inString := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{', c == 'n':
			values++
		}
	}
	return values > len(data)/16+1000
}

// inconsistent checks what all users of a report rely on: valid indices, sizes within
// limits, and rows that add up.
func inconsistent(r *Report) string {
	if s := r.Shard; s != nil && (s.Index < 1 || s.Of < s.Index || s.Of > MaxShards || s.Functions < 0 || s.Functions > maxFunctions*MaxShards) {
		return fmt.Sprintf("it is of shard %d/%d", s.Index, s.Of)
	}
	for _, in := range r.Inputs {
		if !sane(in.Bytes) {
			return fmt.Sprintf("the size of input %q is out of range", in.Path)
		}
		for _, im := range in.Imports {
			if im.To < 0 || im.To >= len(r.Inputs) {
				return fmt.Sprintf("input %q imports number %d of %d", in.Path, im.To, len(r.Inputs))
			}
		}
	}
	slices.SortStableFunc(r.Functions, func(a, b Function) int { return cmp.Compare(a.ID, b.ID) })
	for i, f := range r.Functions {
		if f.ID == "" {
			return "a function has no id"
		}
		if i > 0 && r.Functions[i-1].ID == f.ID {
			return fmt.Sprintf("function %q is listed twice", f.ID)
		}
		if problem := inconsistentFunction(f, len(r.Inputs)); problem != "" {
			return fmt.Sprintf("function %q: %s", f.ID, problem)
		}
	}
	for _, d := range r.Duplicates {
		if !sane(d.Bytes) || len(d.Copies) == 0 {
			return fmt.Sprintf("the duplicates of %q are out of range", d.Package)
		}
		for _, c := range d.Copies {
			if !sane(c.Bytes) {
				return fmt.Sprintf("the duplicates of %q are out of range", d.Package)
			}
		}
	}
	if Total(r.Functions) != r.Totals {
		return "the totals are not the sum of the functions"
	}
	if problem := inconsistentHistory(r.History); problem != "" {
		return problem
	}
	return inconsistentDelta(r)
}

func inconsistentDelta(r *Report) string {
	for _, v := range r.Verdicts {
		if !sane(v.Most) || !sane(v.Value) {
			return "the figures of a verdict are out of range"
		}
	}
	d := r.Delta
	if d == nil {
		return ""
	}
	if d.Functions == nil {
		d.Functions = []FunctionDelta{}
	}
	changes := []Change{d.Zip, d.Unzipped}
	for _, f := range d.Functions {
		changes = append(changes, f.Zip, f.Unzipped)
		if f.Load != nil {
			changes = append(changes, *f.Load)
		}
		for _, p := range f.Packages {
			changes = append(changes, p.Unzipped, p.Zipped)
		}
		for _, in := range f.Inputs {
			changes = append(changes, in.Unzipped, in.Zipped)
		}
	}
	for _, c := range changes {
		if !sane(c.Before) || !sane(c.After) {
			return "the sizes of its delta are out of range"
		}
	}
	for _, c := range d.Causes {
		if !sane(max(c.Unzipped, -c.Unzipped)) || !sane(max(c.Zipped, -c.Zipped)) || !sane(max(c.Most, -c.Most)) || len(c.Functions) == 0 {
			return "the causes of its delta are out of range"
		}
	}
	for _, dup := range d.NewDuplicates {
		if !sane(dup.Bytes) || len(dup.Copies) == 0 {
			return "the duplicates of its delta are out of range"
		}
	}
	return ""
}

func inconsistentFunction(f Function, inputs int) string {
	if f.Status != StatusBuilt && f.Status != StatusFailed || (f.Status == StatusBuilt) != (f.Artifact != nil) {
		return "its status contradicts its artifact"
	}
	if f.EntryInput < -1 || f.EntryInput >= inputs {
		return fmt.Sprintf("its entry is number %d of %d", f.EntryInput, inputs)
	}
	if f.Artifact == nil {
		return ""
	}
	var unzipped, zipped int64
	for _, p := range f.Packages {
		if !sane(p.Unzipped) || !sane(p.Zipped) {
			return fmt.Sprintf("the size of %q is out of range", p.Name)
		}
		unzipped, zipped = unzipped+p.Unzipped, zipped+p.Zipped
		if !sane(unzipped) || !sane(zipped) {
			return "its packages are out of range"
		}
	}
	for _, e := range f.Artifact.Entries {
		if !sane(e.Bytes) || !sane(e.ZipBytes) {
			return fmt.Sprintf("the size of entry %q is out of range", e.Name)
		}
	}
	if unzipped != f.Artifact.UnzippedBytes || zipped != f.Artifact.ZipBytes {
		return "its packages do not sum to the artifact"
	}
	for _, in := range f.Inputs {
		if in.Input < 0 || in.Input >= inputs || !sane(in.Unzipped) || !sane(in.Zipped) {
			return "its inputs are out of range"
		}
	}
	for _, s := range f.Waterfall {
		if !sane(s.Bytes) {
			return "its waterfall is out of range"
		}
	}
	for _, l := range f.Limits {
		if !sane(l.Bytes) || l.Max <= 0 || !sane(l.Max) {
			return "its limits are out of range"
		}
	}
	if problem := inconsistentStart(f.ColdStart); problem != "" {
		return problem
	}
	if u := f.Unbundled; u != nil && (!sane(u.Bytes) || !sane(u.ZipBytes) || !sane(u.ZipLow) || !sane(u.ZipHigh)) {
		return "its unbundled size is out of range"
	}
	return ""
}

func sane(bytes int64) bool { return bytes >= 0 && bytes <= MaxBytes }

func unreadable(message, hint string) analyzer.Diagnostic {
	return analyzer.Diagnostic{Code: "unreadable-report", Severity: analyzer.Error, Message: message, Hint: hint}
}

// asUnreadable converts an error of encoding/json to a diagnostic with line and column.
func asUnreadable(err error, data []byte) analyzer.Diagnostic {
	var d analyzer.Diagnostic
	var syntax *json.SyntaxError
	var typed *json.UnmarshalTypeError
	switch {
	case errors.As(err, &d):
	case errors.As(err, &syntax):
		d = unreadable("the report is not JSON: "+syntax.Error(), "was it cut short? "+remake)
		at := int(min(syntax.Offset, int64(len(data))))
		before := data[:max(at-1, 0)]
		d.Line = bytes.Count(before, []byte("\n")) + 1
		d.Column = len(before) - bytes.LastIndexByte(before, '\n')
	case errors.As(err, &typed):
		d = unreadable(fmt.Sprintf("the report's %s cannot be a %s", cmp.Or(typed.Field, "outermost value"), typed.Value), remake)
	default:
		d = unreadable("the report cannot be read: "+err.Error(), remake)
	}
	return d
}
