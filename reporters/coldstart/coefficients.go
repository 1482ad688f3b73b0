package coldstart

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/featherpack/featherpack/analyzer"
)

// CoefficientsSchema is the version of the constants file.
const CoefficientsSchema = 1

// maxConstant limits every constant, so that products of constants do not overflow.
const maxConstant = 1e6

// Estimate is one constant of the model.
type Estimate struct {
	Range
	Unit string `json:"unit,omitempty"`
	// Source says where the value comes from. It starts with "guess" if nobody
	// measured it.
	Source string `json:"source,omitempty"`
	// From names the observations the value was derived from. They must not be
	// used to test the model.
	From []string `json:"from,omitempty"`
}

// Coefficients are the model's constants.
type Coefficients struct {
	Schema int `json:"schema"`
	// Date is when the sources were last read, as YYYY-MM-DD.
	Date     string       `json:"date,omitempty"`
	Download Download     `json:"download,omitzero"`
	Extract  Extract      `json:"extract,omitzero"`
	Node     NodeLoad     `json:"node,omitzero"`
	Go       GoLoad       `json:"go,omitzero"`
	Memory   []MemoryHigh `json:"memory,omitempty"`
	// Hello is the init of an empty function.
	Hello       []Hello `json:"hello,omitempty"`
	HelloSource string  `json:"helloSource,omitempty"`
	// Calibrations are a user's own constants. They take precedence.
	Calibrations []Calibration `json:"calibrations,omitempty"`
}

// Download is the time to fetch the zip. REPORT lines do not include it and it is
// not billed.
type Download struct {
	PerMB  Estimate `json:"perMB"`
	KneeMB Estimate `json:"kneeMB"`
}

// Extract is the time to unpack the zip. No log shows it and it is not billed.
type Extract struct {
	PerMB   Estimate `json:"perMB"`
	PerFile Estimate `json:"perFile"`
}

// NodeLoad is the cost of evaluating modules.
type NodeLoad struct {
	Factor Estimate `json:"factor"`
	// Base is what no other constant explains: a handler that does more than that of an
	// empty function.
	Base Estimate `json:"base"`
	// PerMB is for source in a bundle, and for JSON in files. PerMBInFiles is for code in
	// files, PerLateMB for what a bundle holds and loads late: it is parsed all the same.
	PerMB        Estimate `json:"perMB"`
	PerMBInFiles Estimate `json:"perMBInFiles"`
	PerLateMB    Estimate `json:"perLateMB"`
	// PerFile is for a CommonJS module in a file, PerESFile for an ES module, PerOtherBuild
	// for an ES module whose package's CommonJS build is loaded instead.
	PerFile       Estimate `json:"perFile"`
	PerESFile     Estimate `json:"perESFile"`
	PerOtherBuild Estimate `json:"perOtherBuild"`
	PerKeptMB     Estimate `json:"perKeptMB"`
	PerAddon      Estimate `json:"perAddon"`
	// BuiltIns is per local ms of loading Node's own modules, by builtins.json.
	BuiltIns Estimate `json:"builtIns"`
	// Doubt is how much more or less files and a bundle may cost, as a share of both.
	Doubt    Estimate `json:"doubt"`
	PerMapMB Estimate `json:"perMapMB"`
	CapMB    Estimate `json:"capMB"`
	// Compiled is the share of the cost per MB that is left if V8's compiled code ships too.
	Compiled  Estimate `json:"compiled"`
	Threshold Estimate `json:"threshold"`
	ARM64     Estimate `json:"arm64"`
}

// GoLoad is the cost of starting a Go binary.
type GoLoad struct {
	Factor    Estimate `json:"factor"`
	PerMB     Estimate `json:"perMB"`
	Threshold Estimate `json:"threshold"`
	ARM64     Estimate `json:"arm64"`
}

// MemoryHigh raises the upper bound for large zips of functions with less than one
// vCPU. The central value does not depend on memory, because init has a full vCPU
// at any memory size.
type MemoryHigh struct {
	ZipMB  float64  `json:"zipMB"`
	High   float64  `json:"high"`
	Source string   `json:"source,omitempty"`
	From   []string `json:"from,omitempty"`
}

// Hello is the Init Duration of a function that does nothing, in ms.
type Hello struct {
	Runtime      string `json:"runtime"`
	Architecture string `json:"architecture"`
	Range
}

// Calibration is what [Fit] derived from logs for one runtime and architecture.
type Calibration struct {
	Runtime      string `json:"runtime"`
	Architecture string `json:"architecture"`
	// MemoryMB is 0 if the logs cover several sizes.
	MemoryMB int `json:"memoryMB,omitempty"`
	// Date is the day of the newest log entry, "" if the logs have no times.
	Date string `json:"date,omitempty"`
	// Factor is ms of init per local ms, as in [NodeLoad] and [GoLoad].
	Factor Estimate `json:"factor"`
	// Base is the init of an empty function in ms: fitted, given by the user, or
	// from [Coefficients.Hello]. It is zero if the fit did not need it.
	Base   Range  `json:"base,omitzero"`
	Method string `json:"method"`
	// Artifacts and Colds are the sample's sizes.
	Artifacts int `json:"artifacts"`
	Colds     int `json:"colds"`
}

//go:embed coefficients.json
var embedded []byte

// Default returns the constants embedded in this program.
func Default() Coefficients {
	c, err := layOver(Coefficients{}, embedded)
	if err != nil {
		panic(fmt.Sprintf("coldstart: coefficients.json: %v", err)) // a test reads it
	}
	return c
}

// maxCoefficientsBytes limits the size of a constants file. The embedded one has
// about 10 kB.
const maxCoefficientsBytes = 4 << 20

// ReadCoefficients reads a file that overrides the embedded constants. A value that
// the file does not set keeps its default; a list in the file replaces the whole
// default list. Errors are [analyzer.Diagnostic] without the file's name.
func ReadCoefficients(r io.Reader) (Coefficients, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxCoefficientsBytes+1))
	if err != nil {
		return Coefficients{}, fmt.Errorf("reading the constants: %w", err)
	}
	if len(data) > maxCoefficientsBytes {
		return Coefficients{}, badConstants("the constants file is larger than 4 MiB")
	}
	return layOver(Default(), data)
}

// Write writes a file for [ReadCoefficients]. It holds only the calibrations, so
// that improved defaults of a later featherpack still apply.
func (c Coefficients) Write(w io.Writer) error {
	own := Coefficients{Schema: CoefficientsSchema, Calibrations: c.Calibrations}
	text, err := json.MarshalIndent(own, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the constants: %w", err)
	}
	if _, err := w.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("writing the constants: %w", err)
	}
	return nil
}

func layOver(c Coefficients, data []byte) (Coefficients, error) {
	lists := c
	c.Schema, c.Memory, c.Hello, c.Calibrations = 0, nil, nil, nil
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return Coefficients{}, badConstants("the file is not a constants file: " + reason(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Coefficients{}, badConstants("the constants file has content after its JSON object")
	}
	if c.Schema != CoefficientsSchema {
		return Coefficients{}, badConstants(fmt.Sprintf("the constants file has version %d; this featherpack reads version %d", c.Schema, CoefficientsSchema))
	}
	if c.Memory == nil {
		c.Memory = lists.Memory
	}
	if c.Hello == nil {
		c.Hello = lists.Hello
	}
	if c.Calibrations == nil {
		c.Calibrations = lists.Calibrations
	}
	if problem := c.unsound(); problem != "" {
		return Coefficients{}, badConstants(problem)
	}
	return c, nil
}

// reason is a decoder's error without the names of Go types.
func reason(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind):
		return fmt.Sprintf("%s has the wrong type: %s", cmp.Or(kind.Field, "the top level"), kind.Value)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early"
	case errors.As(err, &syntax) && strings.HasPrefix(syntax.Error(), "unexpected end"):
		return "it ends too early"
	case errors.As(err, &syntax):
		return fmt.Sprintf("it is not JSON at byte %d", syntax.Offset)
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

func badConstants(message string) analyzer.Diagnostic {
	return analyzer.Diagnostic{Code: "cold-start-constants", Severity: analyzer.Error, Message: message,
		Hint: "featherpack calibrate -o FILE writes a valid one"}
}

// named maps the name of every constant to its value.
func (c Coefficients) named() map[string]Estimate {
	all := map[string]Estimate{
		"download.perMB": c.Download.PerMB, "download.kneeMB": c.Download.KneeMB,
		"extract.perMB": c.Extract.PerMB, "extract.perFile": c.Extract.PerFile,
		"node.factor": c.Node.Factor, "node.perMB": c.Node.PerMB, "node.perFile": c.Node.PerFile, "node.base": c.Node.Base,
		"node.perMBInFiles": c.Node.PerMBInFiles, "node.perLateMB": c.Node.PerLateMB, "node.perESFile": c.Node.PerESFile,
		"node.perOtherBuild": c.Node.PerOtherBuild, "node.perKeptMB": c.Node.PerKeptMB, "node.perAddon": c.Node.PerAddon,
		"node.builtIns": c.Node.BuiltIns, "node.doubt": c.Node.Doubt, "node.perMapMB": c.Node.PerMapMB,
		"node.capMB": c.Node.CapMB, "node.threshold": c.Node.Threshold, "node.arm64": c.Node.ARM64, "node.compiled": c.Node.Compiled,
		"go.factor": c.Go.Factor, "go.perMB": c.Go.PerMB, "go.threshold": c.Go.Threshold, "go.arm64": c.Go.ARM64,
	}
	for _, m := range c.Memory {
		all[fmt.Sprintf("memory at %g MB", m.ZipMB)] = Estimate{Range: Range{1, 1, m.High}, Source: m.Source, From: m.From}
	}
	for _, h := range c.Hello {
		all["hello of "+h.Runtime+" "+h.Architecture] = Estimate{Range: h.Range, Source: c.HelloSource}
	}
	for _, k := range c.Calibrations {
		all["the calibration of "+k.Runtime+" "+k.Architecture] = k.Factor
		all["the calibrated base of "+k.Runtime+" "+k.Architecture] = Estimate{Range: k.Base}
	}
	return all
}

// unsound returns the first problem with the constants, "" if there is none.
func (c Coefficients) unsound() string {
	all := c.named()
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		e := all[name]
		switch {
		case !e.finite() || e.High > maxConstant:
			return name + " is out of range"
		case e.Low < 0:
			return name + " is below 0"
		case !e.ordered():
			return name + " does not satisfy low <= central <= high"
		}
	}
	for _, k := range c.Calibrations {
		if k.Runtime == "" || k.Architecture == "" || k.MemoryMB < 0 || k.Factor.Central <= 0 {
			return "a calibration has no runtime, no architecture, no factor or a negative memory size"
		}
		if _, err := time.Parse(time.DateOnly, k.Date); k.Date != "" && err != nil {
			return "a calibration's date is not YYYY-MM-DD"
		}
	}
	return ""
}

// calibrated returns the user's own calibration: the one for this memory size if
// there is one, else one for another size, because init has a full vCPU at any
// size.
func (c Coefficients) calibrated(runtime, architecture string, memoryMB int) (Calibration, bool) {
	var found Calibration
	ok := false
	for _, k := range c.Calibrations {
		if k.Runtime != runtime || k.Architecture != architecture {
			continue
		}
		if !ok || k.MemoryMB == memoryMB {
			found, ok = k, true
		}
		if k.MemoryMB == memoryMB {
			break
		}
	}
	return found, ok
}

// HelloOf returns the init of an empty function, false if it was never measured.
func (c Coefficients) HelloOf(runtime, architecture string) (Range, bool) {
	for _, h := range c.Hello {
		if h.Runtime == runtime && h.Architecture == architecture {
			return h.Range, true
		}
	}
	return Range{}, false
}
