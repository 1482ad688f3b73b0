package decide

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/analyzer/scratch"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/packager/compiled"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

// pairs of fresh processes give a fair interval.
const pairs = 15

// Measured is what was decided for one function.
type Measured struct {
	Function analyzer.Function
	Input    compiled.Input
	Mode     compiled.Mode
	// Reason is one line: the figures, or why nothing could be measured.
	Reason string
}

// variant is a build of the function in one mode.
type variant struct {
	mode   compiled.Mode
	report reporters.Report
	zip    string
}

// Measure decides for one function of the folder dir. The returned diagnostics are errors
// of its build.
func Measure(ctx context.Context, dir string, f analyzer.Function, o pipeline.Options) (m Measured, problems []analyzer.Diagnostic, err error) {
	m = Measured{Function: f, Mode: compiled.Off}
	folder, err := scratch.New("", "decide")
	if err != nil {
		return m, nil, fmt.Errorf("making a temporary folder: %w", analyzer.WithoutPath(err))
	}
	defer folder.Close()
	here := f
	here.Architecture = analyzer.HostArchitecture() // the code is measured here, whatever the function runs on
	var variants []variant
	for _, mode := range []compiled.Mode{compiled.Off, compiled.Plain, compiled.Trimmed, compiled.Loaded} {
		v := variant{mode: mode}
		out, err := outdir.Open(ctx, dir, filepath.Join(folder.Path, string(mode)))
		if err != nil {
			return m, nil, err
		}
		o.Only = []string{settings.EscapeGlob(f.ID)}
		o.Restrict = func(built *analyzer.Function) []analyzer.Diagnostic {
			built.Build.CodeCache, built.Architecture = "auto", here.Architecture
			return nil
		}
		o.CodeCache = func(in compiled.Input) (compiled.Mode, *analyzer.Diagnostic) {
			m.Input = in
			return mode, nil
		}
		v.report, _, err = pipeline.Measure(ctx, dir, o, out)
		out.Close()
		if err != nil {
			return m, nil, err
		}
		if len(v.report.Functions) != 1 || v.report.Functions[0].Artifact == nil {
			return m, v.report.AllDiagnostics(), nil
		}
		v.zip = v.report.Functions[0].Artifact.Path
		if mode != compiled.Off && !hasCode(v.report.Functions[0]) {
			m.Reason = "it cannot have compiled code"
			for _, d := range v.report.Functions[0].Diagnostics {
				if d.Code == "code-cache" {
					m.Reason = d.Message
				}
			}
			return m, nil, nil
		}
		variants = append(variants, v)
	}
	m.Input.Function = f
	return m, nil, m.compare(ctx, here, variants)
}

// compare sets the mode and the reason.
func (m *Measured) compare(ctx context.Context, f analyzer.Function, variants []variant) error {
	compiler, err := boot.FindCompiler(ctx, f, "", boot.Options{})
	if err != nil {
		return err
	}
	plain := variants[0]
	model := coldstart.Default()
	best := 0.0
	for _, v := range variants[1:] {
		got := boot.Pairs(ctx, boot.Subject{ZipPath: plain.zip, Function: f}, boot.Subject{ZipPath: v.zip, Function: f}, pairs,
			boot.Options{Node: compiler.Path()})
		if err := ctx.Err(); err != nil {
			return err
		}
		if got.Reason != "" {
			m.Reason = "it could not be measured: " + got.Reason
			return nil
		}
		before, after := plain.report.Functions[0], v.report.Functions[0]
		in := coldstart.Input{
			Family: string(f.Family), Runtime: f.Runtime, Architecture: f.Architecture, MemoryMB: f.MemoryMB,
			Before: coldstart.SideOf(before, plain.report.Inputs), After: coldstart.SideOf(after, v.report.Inputs),
			Measured: &coldstart.Load{Before: got.Before.CPUMillis, After: got.After.CPUMillis},
		}
		p := model.Project(in)
		if p.Refused != "" || p.Local == nil {
			m.Reason = "it could not be projected: " + p.Refused
			return nil
		}
		figures := fmt.Sprintf("load %.1f to %.1f ms of CPU in %d pairs, zip %s to %s, start %s ms sooner, projected; Node %s %s, %s",
			p.Local.Before, p.Local.After, p.Local.Pairs, reporters.Size(before.Artifact.ZipBytes),
			reporters.Size(after.Artifact.ZipBytes), p.Total, compiler.Version, compiler.Arch, time.Now().UTC().Format(time.DateOnly))
		small := float64(after.Artifact.ZipBytes)/1e6 < model.Download.KneeMB.Central
		pays := p.Total.Low > 0 && small && !p.NoChange
		switch {
		case pays && p.Total.Central > best:
			best, m.Mode, m.Reason = p.Total.Central, v.mode, figures
		case m.Mode == compiled.Off && !small:
			m.Reason = "the zip would be larger than the size at which download time begins to grow; " + figures
		case m.Mode == compiled.Off:
			m.Reason = "it does not pay; " + figures
		}
	}
	return nil
}

func hasCode(f reporters.Function) bool {
	for _, s := range f.Settings {
		if s.Name == compiled.Setting {
			return true
		}
	}
	return false
}

// Write puts a decision into the file of the function's folder and returns its name,
// relative to the project's root.
func Write(p analyzer.Project, m Measured) (string, error) {
	name := path.Join(m.Function.ServiceDir, compiled.FileName)
	files := projectfs.New(p.Root, projectfs.Allowances{})
	defer files.Close()
	var decisions compiled.Decisions
	text, err := files.Read(name, 4<<20)
	if err == nil {
		decisions, err = compiled.ReadDecisions(text)
	} else if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err != nil {
		return name, analyzer.Usage(fmt.Sprintf("cannot read %s: %v", name, analyzer.WithoutPath(err)), "mend or delete it")
	}
	if text, err = decisions.Write(m.Function.Name, compiled.Decide(m.Input, m.Mode, m.Reason)); err != nil {
		return name, err
	}
	full := filepath.Join(p.Root, filepath.FromSlash(name))
	return name, output.WriteFile(full, name, func(w io.Writer) error { _, err := w.Write(text); return err })
}
