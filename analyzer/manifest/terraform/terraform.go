package terraform

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// maxPlanBytes bounds a plan, which is read as a stream. Terraform's largest plans
// have about 10,000 resources of a few kB each.
const maxPlanBytes = 512 << 20

// Open reads a plan that `terraform show -json` prints. nil means that the file is
// not a plan or cannot be read. [Read] reports what is wrong with a plan.
func Open(fsys *projectfs.FS, rel string) *Plan {
	f, err := fsys.Open(rel, maxPlanBytes)
	if err != nil {
		if errors.Is(err, projectfs.ErrTooLarge) {
			at := analyzer.Position{File: rel}
			failed := analyzer.Problem(analyzer.Error, "unreadable-manifest", at, "a manifest holds at most 2 MiB, a Terraform plan 512 MiB", "cannot read it: %v", err)
			return &Plan{failed: &failed}
		}
		return nil // the caller reads it as another manifest and reports the error
	}
	defer f.Close()
	in := bufio.NewReader(io.LimitReader(f, maxPlanBytes))
	// terraform plan -out writes a zip.
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

// Read returns the functions of a plan, in its order.
func Read(in declared.Input, p *Plan) (found declared.Found) {
	if p.failed != nil {
		found.Report(*p.failed)
		return found
	}
	names := p.names()
	for i, r := range p.functions {
		f := &declared.Function{Function: analyzer.Function{
			Name: names[i], Format: "terraform", Position: r.at,
			Runtime: r.texts["runtime"], Handler: r.texts["handler"], MemoryMB: r.memory, TimeoutSeconds: r.timeout,
		}}
		f.Deployment.EnvironmentOpen = !p.environments[r.address]
		if r.reuses {
			f.Environment = map[string]string{reuseVariable: "1"}
		}
		if len(r.architectures) > 0 {
			f.Architecture = r.architectures[0]
		}
		if r.timeout == 0 && r.texts["package_type"] != "" {
			f.TimeoutSeconds = declared.MaxTimeout
		}
		switch {
		case r.hidesMemory:
			f.GuessMemory(r.at, "the plan marks its memory_size as sensitive", "a memory size is no secret: write memory_size = nonsensitive(...)")
		case r.unknownMemory():
			f.GuessMemory(r.at, "its memory is known only once deployed", "write memory_size out, or give its variable a value when the plan is made")
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

// unknownMemory reports whether the plan does not know the memory size. The provider puts
// its defaults into a plan: 128 for memory_size, as Zip for package_type.
func (r planned) unknownMemory() bool { return r.memory == 0 && r.texts["package_type"] != "" }

// names returns a name for each function: its function_name if that is known and
// unique, or else a name made from its address.
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

// addressName turns an address into a name. It turns
// module.eu["a"].aws_lambda_function.orders[0] into eu-a-orders-0.
func addressName(address string) string {
	address = strings.ReplaceAll("."+address, ".module.", ".")
	address = strings.ReplaceAll(address, "."+functionResource+".", ".")
	return strings.Join(strings.FieldsFunc(address, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_')
	}), "-")
}

// planSource is the source of a function's zip.
type planSource struct {
	attribute string // the attribute that names the source
	path      string
	several   bool
}

// source returns the source of a function, or why there is nothing to build.
func (p *Plan) source(r planned) (s planSource, skip string) {
	if r.texts["package_type"] == "Image" || r.has["image_uri"] {
		return s, "is a container image"
	}
	// terraform-aws-modules/lambda packs source_path, whether it uploads the zip to
	// S3 or not.
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

// configAddress returns a resource's address within its module, without instance
// key.
func configAddress(r planned) string {
	address := r.kind + "." + r.name
	if r.mode == "data" {
		address = "data." + address
	}
	return address
}

// archiveOf returns the archive_file that a function ships: the one whose output
// is the function's file, or else the one that the function's configuration refers
// to.
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
			return nil // several fit, and none has this function's index
		}
	}
	if found != nil {
		return found
	}
	// An archive that is created during apply has no planned values yet.
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

// locate finds the folder and the source of a function. Terraform resolves paths
// relative to the folder it runs in. That is taken to be the plan's folder, or
// else the folder asked for.
func locate(in declared.Input, f *declared.Function, source planSource) {
	if source.several {
		f.Report(analyzer.Problem(analyzer.Note, "several-sources", f.Position, "add the others with include in featherpack.yaml",
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
		real, err := in.Real(name)
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
		if !projectfs.Inside(at) {
			left = true
			continue
		}
		switch what, _ := in.Look(at); what {
		case projectfs.Folder:
			if f.CodeDir = at; source.attribute == "source_dir" {
				f.Together = "terraform " + at
			}
			return
		case projectfs.File:
			f.CodeDir = path.Dir(at)
			if slices.Contains(declared.SourceExtensions, path.Ext(at)) {
				f.EntryHint = yamltree.NewText(path.Base(at), f.Position)
			}
			return
		case projectfs.Foreign:
			outside()
			return
		}
		// If the program is not compiled yet, its folder must exist.
		if source.attribute == "source_file" && strings.HasPrefix(f.Runtime, "provided") && in.Kind(path.Dir(at)) == projectfs.Folder {
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
