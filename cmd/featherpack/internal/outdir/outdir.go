package outdir

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

// Dir is a folder with only files that featherpack wrote. Only one build at a time
// uses it. Everything goes through one handle of the folder, so a link that takes its
// place later changes nothing.
type Dir struct {
	Path string // absolute
	Name string // as typed, for messages
	// JSON writes report.json, as [reporters.JSON] does. nil is that.
	JSON func(io.Writer, reporters.Report) error

	root *os.Root
	lock *flock.Flock
	made bool // by this run
	// owner says what earlier builds wrote; see owner.go.
	owner *owner
}

// Default is the out-dir's default name. It is a subfolder of the built folder.
const Default = ".featherpack"

// ignoreFile marks the folder as featherpack's, and makes git ignore it. The second
// line of its text ends with the name of the folder's record.
const (
	ignoreFile = ".gitignore"
	ignoreText = "# Written by featherpack. Everything in this folder can be made again.\n*\n"
	lockFile   = ".lock"
)

// lockRetry is the time between two attempts to lock the folder while another build
// uses it. The wait can be interrupted.
const lockRetry = 50 * time.Millisecond

// Open makes the out-dir, or opens one that is empty or was made by featherpack.
// Because a build removes other files from it, Open refuses a folder that has files
// which featherpack did not write, one that another project uses, one that is or
// contains the built folder, and a link in the place of the default out-dir.
func Open(ctx context.Context, dir, name string) (*Dir, error) {
	if name == "" {
		return OpenBelow(ctx, dir, Default)
	}
	source, err := realPath(dir)
	if err != nil {
		return nil, fault(dir, err)
	}
	path, err := realPath(name)
	if err != nil {
		return nil, fault(name, err)
	}
	if path == source || holds(path, source) {
		return nil, refuse("unsafe-out", "give a separate folder, such as --out dist, because a build removes other files from the out-dir",
			"the out-dir %s is the built folder or contains it", name)
	}
	return use(ctx, path, name, projectfs.FindRoot(source))
}

// OpenBelow is Open for a folder below dir that the user did not type. It refuses links
// on the way to it.
func OpenBelow(ctx context.Context, dir, rel string) (*Dir, error) {
	name := filepath.Join(dir, rel)
	source, err := realPath(dir)
	if err != nil {
		return nil, fault(dir, err)
	}
	for at := filepath.Join(source, rel); at != source; at = filepath.Dir(at) {
		if info, err := os.Lstat(at); err == nil && info.Mode().Type() == fs.ModeSymlink {
			return nil, refuse("linked-out", "remove the link, or give the folder itself with --out", "the out-dir %s is a link", name)
		}
	}
	return Open(ctx, dir, name)
}

// OpenScratch opens an empty temporary folder as an out-dir.
func OpenScratch(ctx context.Context, path string) (*Dir, error) { return use(ctx, path, path, "") }

// use opens the folder at path for the project with this root, "" for a temporary
// folder.
func use(ctx context.Context, path, name, project string) (*Dir, error) {
	d := &Dir{Path: path, Name: name}
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		d.made = true
	}
	err := os.MkdirAll(path, 0o755)
	if err == nil {
		d.root, err = os.OpenRoot(path)
	}
	if err != nil {
		return nil, fault(name, err)
	}
	if err := d.claim(ctx, project); err != nil {
		if d.lock != nil {
			_ = d.lock.Close()
		}
		d.root.Close()
		return nil, err
	}
	return d, nil
}

// claim checks that featherpack may use the folder, marks it and locks it.
func (d *Dir) claim(ctx context.Context, project string) error {
	// The path must still be the folder that was opened.
	opened, err := d.root.Stat(".")
	if err != nil {
		return d.Fault(err)
	}
	if named, err := os.Lstat(d.Path); err != nil || !os.SameFile(opened, named) {
		return d.Fault(errors.New("something else has taken its place"))
	}
	if _, err := markOf(d); err != nil {
		return err // before anything is written there
	}
	if err := d.takeLock(ctx); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return d.Fault(err)
	}
	if d.owner, err = ownerOf(d, project); err != nil {
		return err
	}
	return packager.Sweep(ctx, d.root)
}

// takeLock locks a file of the folder. It opens an existing file by its path, and
// then checks that it is the folder's.
func (d *Dir) takeLock(ctx context.Context) error {
	file, err := d.root.OpenFile(lockFile, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New(lockFile + " in it is not a regular file")
	}
	d.lock = flock.New(filepath.Join(d.Path, lockFile), flock.SetFlag(os.O_RDWR))
	if _, err := d.lock.TryLockContext(ctx, lockRetry); err != nil {
		return err
	}
	if held, err := d.lock.Stat(); err != nil || !os.SameFile(info, held) {
		return errors.New("something else has taken its place")
	}
	return nil
}

// Is reports whether a folder is an out-dir.
func Is(at string) bool {
	mark := filepath.Join(at, ignoreFile)
	info, err := os.Lstat(mark)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxMark {
		return false
	}
	text, err := os.ReadFile(mark)
	return err == nil && strings.HasPrefix(string(text), ignoreText)
}

// IgnoresCase reports whether the folder's file system is case-insensitive.
func (d *Dir) IgnoresCase() bool {
	_, err := d.root.Lstat(strings.ToUpper(ignoreFile))
	return err == nil
}

// Root is the handle of the folder. Only Close closes it.
func (d *Dir) Root() *os.Root { return d.root }

// Close unlocks the folder. It removes the folder if this run made it and wrote
// nothing to it.
func (d *Dir) Close() {
	defer d.root.Close()
	if d.made {
		entries, err := fs.ReadDir(d.root.FS(), ".")
		if err == nil && len(entries) <= 2 {
			d.owner.forget()
			d.root.Remove(ignoreFile)
			d.root.Remove(lockFile)
			os.Remove(d.Path) // if it is not empty, or another folder, it stays
		}
	}
	_ = d.lock.Close() // on failure, the end of the process unlocks it
}

// Fault returns the diagnostic that the out-dir cannot be used because of err.
func (d *Dir) Fault(err error) error { return fault(d.Name, err) }

func fault(name string, err error) error {
	return analyzer.Diagnostic{
		Code: "out", Severity: analyzer.Error, Message: fmt.Sprintf("cannot use the out-dir %s: %v", name, analyzer.WithoutPath(err)),
		Hint: "check the folder, its permissions and the free space, or give another one with --out",
	}
}

// refuse returns the diagnostic that the out-dir is not safe to use.
func refuse(code, hint, format string, args ...any) error {
	return analyzer.Problem(analyzer.Refused, code, analyzer.Position{}, hint, format, args...)
}

// realPath returns the absolute path. It resolves symlinks in the part that exists.
func realPath(name string) (string, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	missing := ""
	for {
		real, err := filepath.EvalSymlinks(path)
		if err == nil {
			return filepath.Join(real, missing), nil
		}
		if !errors.Is(err, fs.ErrNotExist) || filepath.Dir(path) == path {
			return "", err
		}
		missing = filepath.Join(filepath.Base(path), missing)
		path = filepath.Dir(path)
	}
}

// holds reports whether inner is below the folder outer. It compares files instead
// of names, so differences in case and symlinks do not matter.
func holds(outer, inner string) bool {
	target, err := os.Stat(outer)
	if err != nil {
		return false
	}
	for at := inner; ; at = filepath.Dir(at) {
		if info, err := os.Stat(at); err == nil && os.SameFile(info, target) {
			return true
		}
		if filepath.Dir(at) == at {
			return false
		}
	}
}
