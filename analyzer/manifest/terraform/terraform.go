package terraform

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/rootfs"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// maxPlanBytes bounds a plan, which is read as a stream. Terraform's largest
// hold some ten thousand resources of a few kB.
const maxPlanBytes = 512 << 20

// Open reads a plan that `terraform show -json` prints. It returns nil if the file is
// something else or cannot be read. [Read] reports what is wrong with a plan.
func Open(fsys *rootfs.FS, rel string) *Plan {
	f, err := fsys.Open(rel, maxPlanBytes)
	if err != nil {
		if errors.Is(err, rootfs.ErrTooLarge) {
			at := analyzer.Position{File: rel}
			failed := analyzer.Problem(analyzer.Error, "unreadable-manifest", at, "a manifest holds at most 2 MiB, a Terraform plan 512 MiB", "cannot read it: %v", err)
			return &Plan{failed: &failed}
		}
		return nil // reading it as any other manifest says why
	}
	defer f.Close()
	in := bufio.NewReader(io.LimitReader(f, maxPlanBytes))
	// What terraform plan -out writes is a zip.
	if start, _ := in.Peek(4); bytes.Equal(start, []byte("PK\x03\x04")) {
		failed := analyzer.Problem(analyzer.Error, "binary-plan", analyzer.Position{File: rel}, "terraform show -json "+path.Base(rel)+" > plan.json", "is a zip, such as a plan in Terraform's own format")
		return &Plan{failed: &failed}
	}
	p, ok := scanPlan(newPlanScan(rel, in))
	if !ok {
		return nil
	}
	return p
}

// Read finds the functions of a plan, in its order.
func Read(in declared.Input, p *Plan) (found declared.Found) {
	if p.failed != nil {
		found.Report(*p.failed)
		return found
	}
	names := p.names()
	for i, r := range p.functions {
		f := &declared.Function{Function: analyzer.Function{
			Name: names[i], Format: "terraform", Position: r.at,
			Runtime: r.texts["runtime"], Handler: r.texts["handler"], MemoryMB: r.memory,
		}}
		if len(r.architectures) > 0 {
			f.Architecture = r.architectures[0]
		}
		source, skip := p.source(r)
		if skip != "" {
			found.Skip(f.Name, r.at, skip)
			continue
		}
		locate(in, f, source)
		found.Declare(f)
	}
	return found
}

// names are the names of the functions if the plan knows them and they are unique,
// and otherwise made of their addresses.
func (p *Plan) names() []string {
	count := map[string]int{}
	for _, r := range p.functions {
		count[r.texts["function_name"]]++
	}
	names := make([]string, len(p.functions))
	for i, r := range p.functions {
		if names[i] = r.texts["function_name"]; names[i] == "" || count[names[i]] > 1 {
			names[i] = addressName(r.address)
		}
	}
	return names
}

// addressName makes a name of module.eu["a"].aws_lambda_function.orders[0]: eu-a-orders-0.
func addressName(address string) string {
	address = strings.ReplaceAll("."+address, ".module.", ".")
	address = strings.ReplaceAll(address, "."+functionResource+".", ".")
	return strings.Join(strings.FieldsFunc(address, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_')
	}), "-")
}

// planSource is the source of a function's zip.
type planSource struct {
	attribute string // which says so
	path      string
	several   bool
}

// source finds the source of a function's zip, or why there is nothing to build.
func (p *Plan) source(r planned) (s planSource, skip string) {
	if r.texts["package_type"] == "Image" || r.has["image_uri"] {
		return s, "is a container image"
	}
	// terraform-aws-modules/lambda packs what source_path names, to S3 or not.
	for _, other := range p.archives {
		if other.kind == prepareSource && other.module == r.module && len(other.sources) > 0 {
			return planSource{"source_path", other.sources[0], len(other.sources) > 1}, ""
		}
	}
	if paths := p.calls[r.path].paths; len(paths) > 0 {
		return planSource{"source_path", paths[0], len(paths) > 1}, ""
	}
	if r.has["s3_bucket"] || r.has["s3_key"] {
		return s, "its code is in S3 already"
	}
	configured := p.configured[r.path+" "+configAddress(r)]["filename"]
	archive := p.archiveOf(r, configured)
	if archive != nil {
		for _, attribute := range []string{"source_dir", "source_file"} {
			if name := archive.texts[attribute]; name != "" {
				return planSource{attribute, name, false}, ""
			}
			constant := p.configured[archive.path+" "+configAddress(*archive)][attribute]
			if len(constant.paths) > 0 {
				return planSource{attribute, constant.paths[0], false}, ""
			}
		}
		return s, "its archive is made of neither a source_dir nor a source_file that the plan knows"
	}
	for _, reference := range configured.references {
		if name, ok := strings.CutPrefix(reference, "data.external."); ok && !strings.Contains(name, ".") {
			return s, "is packaged by data.external." + name + " already"
		}
	}
	if filename := r.texts["filename"]; filename != "" {
		return s, "ships " + path.Base(strings.ReplaceAll(filename, `\`, "/")) + " as it is"
	}
	return s, "its code is known only once deployed"
}

// configAddress is a resource's address within its module, without instance key.
func configAddress(r planned) string {
	address := r.kind + "." + r.name
	if r.mode == "data" {
		address = "data." + address
	}
	return address
}

// archiveOf finds the archive_file that a function ships: the one that writes
// the function's file, else the one that its configuration refers to.
func (p *Plan) archiveOf(r planned, configured expression) *planned {
	var found *planned
	if filename := r.texts["filename"]; filename != "" {
		for i := range p.archives {
			a := &p.archives[i]
			if a.kind == archiveResource && a.texts["output_path"] != "" && path.Clean(a.texts["output_path"]) == path.Clean(filename) && (found == nil || a.module == r.module) {
				found = a
			}
		}
	}
	if found != nil {
		return found
	}
	for i := range p.archives {
		a := &p.archives[i]
		if a.kind != archiveResource || a.module != r.module || !slices.Contains(configured.references, configAddress(*a)) {
			continue
		}
		switch {
		case a.index == r.index:
			return a
		case found == nil:
			found = a
		default:
			return nil // several, none of them this one's
		}
	}
	if found != nil {
		return found
	}
	// An archive that is made only when the plan is applied has no values yet.
	for _, reference := range configured.references {
		for _, mode := range []string{"data", "managed"} {
			a := planned{module: r.module, path: r.path, mode: mode, kind: archiveResource}
			prefix := strings.TrimSuffix(configAddress(a), ".") + "."
			name, ok := strings.CutPrefix(reference, prefix)
			if a.name = name; ok && p.configured[a.path+" "+configAddress(a)] != nil {
				return &a
			}
		}
	}
	return nil
}

// locate leads a function to its source. Terraform takes paths relative to
// where it runs, which is where the plan lies or else the folder asked for.
func locate(in declared.Input, f *declared.Function, source planSource) {
	if source.several {
		f.Report(analyzer.Problem(analyzer.Note, "several-sources", f.Position, "bring the others in by include in featherpack.yaml",
			"%s names several folders or files, and the first is built", source.attribute))
	}
	name := source.path
	fail := func(severity analyzer.Severity, code, hint, message string) {
		f.Report(analyzer.Problem(severity, code, f.Position, hint, "%s %s", source.attribute, message))
	}
	outside := func() {
		fail(analyzer.Refused, "code-outside", "nothing outside the project's root is packed", "leads outside the project's root")
	}
	if strings.ContainsAny(name, "\\\x00") {
		fail(analyzer.Error, "bad-manifest", "use forward slashes", fmt.Sprintf("%q cannot be a path", name))
		return
	}
	var candidates []string
	if path.IsAbs(name) {
		real, err := filepath.EvalSymlinks(name)
		if err != nil {
			real = path.Clean(name)
		}
		rel, ok := in.Relative(real)
		if !ok {
			outside()
			return
		}
		candidates = []string{rel}
	} else {
		candidates = []string{path.Join(in.Dir, name), path.Join(in.Folder, name)}
	}
	shown := candidates[0]
	left := false
	for _, at := range candidates {
		if !rootfs.Inside(at) {
			left = true
			continue
		}
		switch what, _ := in.Look(at); what {
		case rootfs.Folder:
			f.CodeDir = at
			return
		case rootfs.File:
			f.CodeDir = path.Dir(at)
			if slices.Contains(declared.SourceExtensions, path.Ext(at)) {
				f.EntryHint = yamltree.NewText(path.Base(at), f.Position)
			}
			return
		case rootfs.Foreign:
			outside()
			return
		}
		// A program that does not exist yet is built from its folder.
		if source.attribute == "source_file" && strings.HasPrefix(f.Runtime, "provided") && in.Kind(path.Dir(at)) == rootfs.Folder {
			f.CodeDir = path.Dir(at)
			return
		}
	}
	if left {
		outside()
		return
	}
	fail(analyzer.Error, "no-such-folder", "keep the plan in the folder where Terraform runs, or name that folder", fmt.Sprintf("%q: there is no %s", source.path, shown))
}
