package boot

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/featherpack/featherpack/analyzer"
)

// Limits of an artifact to unpack. Lambda rejects more than 262,144,000 bytes.
// The 32 MiB beyond that let a check start an artifact that is slightly too
// large, because other code checks its size.
// Source: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	maxUnzipped   = 262_144_000 + 32<<20
	maxEntries    = 200_000
	maxLinkTarget = 1024
)

// unpack writes the files of the zip at zipPath below dir, as [Unpack] does.
func unpack(zipPath, dir string) error {
	artifact, err := os.Open(zipPath)
	if err != nil {
		return describeZip(err)
	}
	defer artifact.Close()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return errors.New("cannot open the folder to unpack to")
	}
	defer root.Close()
	return Unpack(artifact, root)
}

// Unpack writes an artifact's files to an empty folder. It rejects the same zips as
// [Check]: those with names and symlinks that lead out of dir, duplicate names, and entries
// other than files, folders and symlinks. All files are written through an
// [os.Root], so even a name that these rules miss cannot lead out of dir.
//
// Lambda runs a function as a user that owns none of its files, so the mode bits
// of "others" decide. Here the user may own the files, so owner and group get the
// read and execute bits of others. A file packed with mode 0600 is unreadable
// here, as it is on Lambda.
func Unpack(artifact *os.File, root *os.Root) error {
	info, err := artifact.Stat()
	if err != nil {
		return describeZip(err)
	}
	if info.Size() > maxUnzipped {
		return fmt.Errorf("is larger than %d bytes", int64(maxUnzipped))
	}
	r, err := zip.NewReader(artifact, info.Size())
	if err != nil {
		return describeZip(err)
	}
	if len(r.File) > maxEntries {
		return fmt.Errorf("holds %d entries, more than %d", len(r.File), maxEntries)
	}
	var declared uint64
	for _, f := range r.File {
		if declared += min(f.UncompressedSize64, maxUnzipped+1); declared > maxUnzipped {
			return fmt.Errorf("unpacks to more than %d bytes", int64(maxUnzipped))
		}
	}
	left := int64(maxUnzipped)
	seen := make(map[string]bool, len(r.File))
	var links []*zip.File
	for _, f := range r.File {
		name, err := entryName(f.Name)
		if err != nil {
			return err
		}
		if seen[name] {
			return fmt.Errorf("holds %q twice", name)
		}
		seen[name] = true
		switch mode := f.Mode(); {
		case mode.IsDir():
			if err := root.MkdirAll(name, 0o755); err != nil {
				return fmt.Errorf("cannot unpack the folder %q: %s", name, analyzer.WithoutPath(err))
			}
		case mode.IsRegular():
			n, err := unpackFile(root, f, name, left)
			if err != nil {
				return err
			}
			left -= n
		case mode.Type() == fs.ModeSymlink:
			links = append(links, f)
		default:
			return fmt.Errorf("%q is neither a file, a folder nor a symlink", name)
		}
	}
	// Symlinks come last, so no file is written through one.
	for _, f := range links {
		if err := unpackLink(root, f, path.Clean(f.Name)); err != nil {
			return err
		}
	}
	return nil
}

// entryName returns the cleaned name of a zip entry, or an error if the name is
// not allowed.
func entryName(name string) (string, error) {
	if !utf8.ValidString(name) || strings.ContainsAny(name, "\x00\\") {
		return "", fmt.Errorf("holds the unusable name %q", cut(name, 200))
	}
	clean := path.Clean(strings.TrimSuffix(name, "/"))
	if name == "" || path.IsAbs(name) || !fs.ValidPath(clean) || clean == "." {
		return "", fmt.Errorf("holds the name %q, which leaves the task folder", cut(name, 200))
	}
	return clean, nil
}

func unpackFile(root *os.Root, f *zip.File, name string, left int64) (int64, error) {
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return 0, fmt.Errorf("cannot unpack %q: %s", name, analyzer.WithoutPath(err))
	}
	in, err := f.Open()
	if err != nil {
		return 0, fmt.Errorf("cannot unpack %q: %s", name, analyzer.WithoutPath(err))
	}
	defer in.Close()
	others, ownerWrites := f.Mode().Perm()&0o5, f.Mode().Perm()&0o200
	out, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, fmt.Errorf("cannot unpack %q: %s", name, analyzer.WithoutPath(err))
	}
	defer out.Close()
	// The zip reader stops at the declared size, which was checked against the limit.
	n, err := io.Copy(out, io.LimitReader(in, left+1))
	if err != nil {
		return n, fmt.Errorf("cannot unpack %q: %s", name, analyzer.WithoutPath(err))
	}
	if n > left {
		return n, fmt.Errorf("unpacks to more than %d bytes", int64(maxUnzipped))
	}
	if err := out.Chmod(others | others<<3 | others<<6 | ownerWrites); err != nil {
		return n, fmt.Errorf("cannot unpack %q: %s", name, analyzer.WithoutPath(err))
	}
	return n, nil
}

func unpackLink(root *os.Root, f *zip.File, name string) error {
	in, err := f.Open()
	if err != nil {
		return fmt.Errorf("cannot unpack %q: %s", name, analyzer.WithoutPath(err))
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, maxLinkTarget+1))
	if err != nil {
		return fmt.Errorf("cannot unpack %q: %s", name, analyzer.WithoutPath(err))
	}
	target := string(text)
	within := path.Join(path.Dir(name), target)
	if len(text) > maxLinkTarget || path.IsAbs(target) || strings.ContainsRune(target, 0) || !fs.ValidPath(within) {
		return fmt.Errorf("holds the symlink %q, which leaves the task folder", name)
	}
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return fmt.Errorf("cannot unpack %q: %s", name, analyzer.WithoutPath(err))
	}
	if err := root.Symlink(target, name); err != nil {
		return fmt.Errorf("cannot unpack %q: %s", name, analyzer.WithoutPath(err))
	}
	return nil
}

func describeZip(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("the zip does not exist")
	}
	return fmt.Errorf("is not a readable zip: %s", analyzer.WithoutPath(err))
}
