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

// CoefficientsSchema is the version of the constants' file.
const CoefficientsSchema = 1

// maxConstant bounds every constant, so that no product of them overflows.
const maxConstant = 1e6

// Estimate is one constant of the model.
type Estimate struct {
	Range
	Unit string `json:"unit,omitempty"`
	// Source says where it comes from, and "guess" where nobody measured it.
	Source string `json:"source,omitempty"`
	// From are the observations it was drawn from; none of them may judge it.
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
	// Calibrations are a user's own constants, and win over the others.
	Calibrations []Calibration `json:"calibrations,omitempty"`
}

// Download is before any clock of a REPORT line, and not billed.
type Download struct {
	PerMB  Estimate `json:"perMB"`
	KneeMB Estimate `json:"kneeMB"`
}

// Extract is unpacking, which no log shows and nobody bills either.
type Extract struct {
	PerMB   Estimate `json:"perMB"`
	PerFile Estimate `json:"perFile"`
}

// NodeLoad is what evaluating modules costs.
type NodeLoad struct {
	Factor    Estimate `json:"factor"`
	PerMB     Estimate `json:"perMB"`
	PerFile   Estimate `json:"perFile"`
	PerMapMB  Estimate `json:"perMapMB"`
	CapMB     Estimate `json:"capMB"`
	Threshold Estimate `json:"threshold"`
	ARM64     Estimate `json:"arm64"`
}

// GoLoad is what starting a Go binary costs.
type GoLoad struct {
	Factor    Estimate `json:"factor"`
	PerMB     Estimate `json:"perMB"`
	Threshold Estimate `json:"threshold"`
	ARM64     Estimate `json:"arm64"`
}

// MemoryHigh widens the far end of the range for large zips of functions with
// less than a whole vCPU. The central value does not depend on memory: init
// has a full vCPU at any size.
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

// Calibration is what [Fit] learnt from logs about one runtime and architecture.
type Calibration struct {
	Runtime      string `json:"runtime"`
	Architecture string `json:"architecture"`
	// MemoryMB is 0 where the logs were of several sizes.
	MemoryMB int `json:"memoryMB,omitempty"`
	// Date is the day of the newest log entry, "" where the logs do not say.
	Date string `json:"date,omitempty"`
	// Factor is ms of init per local ms, as in [NodeLoad] and [GoLoad].
	Factor Estimate `json:"factor"`
	// Base is the init of an empty function in ms: fitted, given, or from
	// [Coefficients.Hello]; zero where it was not needed.
	Base   Range  `json:"base,omitzero"`
	Method string `json:"method"`
	// Artifacts and Colds are the sample.
	Artifacts int `json:"artifacts"`
	Colds     int `json:"colds"`
}

//go:embed coefficients.json
var embedded []byte

// Default are the constants this program comes with.
func Default() Coefficients {
	c, err := layOver(Coefficients{}, embedded)
	if err != nil {
		panic(fmt.Sprintf("coldstart: coefficients.json: %v", err)) // a test reads it
	}
	return c
}

// maxCoefficientsBytes bounds what is read; a file of ours has some 10 kB.
const maxCoefficientsBytes = 4 << 20

// ReadCoefficients lays a file over the constants this program comes with: what
// the file leaves out stays as it is, lists are replaced. Errors are
// [analyzer.Diagnostic] without the file's name.
func ReadCoefficients(r io.Reader) (Coefficients, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxCoefficientsBytes+1))
	if err != nil {
		return Coefficients{}, fmt.Errorf("reading the constants: %w", err)
	}
	if len(data) > maxCoefficientsBytes {
		return Coefficients{}, badConstants("the file of constants has more than 4 MiB")
	}
	return layOver(Default(), data)
}

// Write makes a file that [ReadCoefficients] takes. It holds the calibrations
// alone, so that better constants of a later featherpack still count.
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
		return Coefficients{}, badConstants("the file is not one of constants: " + reason(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Coefficients{}, badConstants("the file of constants goes on after its end")
	}
	if c.Schema != CoefficientsSchema {
		return Coefficients{}, badConstants(fmt.Sprintf("the file of constants has version %d, and this featherpack reads version %d", c.Schema, CoefficientsSchema))
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

// reason is a decoder's error without the names of Go's types.
func reason(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind):
		return fmt.Sprintf("%s cannot be read from: %s", cmp.Or(kind.Field, "the whole"), kind.Value)
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
		Hint: "featherpack calibrate -o FILE makes such a file"}
}

// named lists every constant.
func (c Coefficients) named() map[string]Estimate {
	all := map[string]Estimate{
		"download.perMB": c.Download.PerMB, "download.kneeMB": c.Download.KneeMB,
		"extract.perMB": c.Extract.PerMB, "extract.perFile": c.Extract.PerFile,
		"node.factor": c.Node.Factor, "node.perMB": c.Node.PerMB, "node.perFile": c.Node.PerFile, "node.perMapMB": c.Node.PerMapMB,
		"node.capMB": c.Node.CapMB, "node.threshold": c.Node.Threshold, "node.arm64": c.Node.ARM64,
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

// unsound says what is wrong with the constants, "" for nothing.
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
			return name + " is not low <= central <= high"
		}
	}
	for _, k := range c.Calibrations {
		if k.Runtime == "" || k.Architecture == "" || k.MemoryMB < 0 || k.Factor.Central <= 0 {
			return "a calibration lacks its runtime, architecture or factor"
		}
		if _, err := time.Parse(time.DateOnly, k.Date); k.Date != "" && err != nil {
			return "a calibration's date is not YYYY-MM-DD"
		}
	}
	return ""
}

// calibrated is the user's own factor: the one of that memory size, or else of
// any, since init has a full vCPU at every size.
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

// HelloOf is the init of an empty function, false where nobody measured it.
func (c Coefficients) HelloOf(runtime, architecture string) (Range, bool) {
	for _, h := range c.Hello {
		if h.Runtime == runtime && h.Architecture == architecture {
			return h.Range, true
		}
	}
	return Range{}, false
}
