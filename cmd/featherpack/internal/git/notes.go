package git

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// A Noted is a commit with the note that it has.
type Noted struct {
	Commit, Subject string
	Time            time.Time
	Note            string
}

// notesRef is where featherpack's notes are: refs/notes/featherpack.
const notesRef = "featherpack"

// MaxNoted is the largest number of commits that [Checkout.Notes] looks at.
const MaxNoted = 20_000

// maxNote bounds a note, in bytes. A larger one is none of featherpack's.
const maxNote = 64 << 20

// Notes visits the commits since a time that are reachable from the current one and have a
// note of featherpack's, oldest first. Only one note is in memory at a time.
func (g *Checkout) Notes(ctx context.Context, since time.Time, visit func(Noted)) error {
	args := []string{"log", "-z", "--reverse", "--no-color", "--notes=" + notesRef, "--max-count=" + strconv.Itoa(MaxNoted), "--format=" + notedFormat}
	if since.Unix() > 100_000_000 { // git takes a smaller number for something else
		args = append(args, "--since="+strconv.FormatInt(since.Unix(), 10))
	}
	return stream(ctx, g.Top, settings, func(out io.Reader) error {
		return eachNoted(out, visit)
	}, append(args, "HEAD", "--")...)
}

// eachNoted visits the commits that have a note, in what git log has printed.
func eachNoted(out io.Reader, visit func(Noted)) error {
	in := bufio.NewReaderSize(out, 64<<10)
	var record []byte
	for length := 0; ; {
		piece, err := in.ReadSlice(0)
		if length += len(piece); length <= maxNote {
			record = append(record, piece...)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if n, ok := readNoted(strings.TrimSuffix(string(record), "\x00")); ok && n.Note != "" && length <= maxNote {
			visit(n)
		}
		record, length = record[:0], 0
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Ancestors are the commits since a time that are reachable from the current one, nil if
// the checkout is shallow, so that they are not all known.
func (g *Checkout) Ancestors(ctx context.Context, since time.Time) (map[string]bool, error) {
	if g.Shallow(ctx) {
		return nil, nil
	}
	args := []string{"rev-list"}
	if since.Unix() > 100_000_000 {
		args = append(args, "--since="+strconv.FormatInt(since.Unix(), 10))
	}
	out, err := run(ctx, g.Top, settings, append(args, "HEAD", "--")...)
	if err != nil {
		return nil, err
	}
	commits := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		commits[strings.TrimSpace(line)] = true
	}
	return commits, nil
}

// notedFormat has the subject last, which may hold anything.
const notedFormat = "%H%x1f%ct%x1f%N%x1f%s"

func readNoted(record string) (Noted, bool) {
	parts := strings.SplitN(record, "\x1f", 4)
	if len(parts) < 4 {
		return Noted{}, false
	}
	seconds, err := strconv.ParseInt(parts[1], 10, 64)
	return Noted{ // which may be kept longer than the note: Commit and Subject are no parts of it
		Commit: strings.Clone(parts[0]), Time: time.Unix(seconds, 0).UTC(),
		Note: strings.TrimSpace(parts[2]), Subject: strings.Clone(strings.TrimSpace(parts[3])),
	}, err == nil
}

// Head describes the current commit, with its note.
func (g *Checkout) Head(ctx context.Context) (Noted, error) {
	out, err := run(ctx, g.Top, settings, "log", "-1", "--no-color", "--notes="+notesRef, "--format="+notedFormat, "HEAD", "--")
	if err != nil {
		return Noted{}, err
	}
	n, ok := readNoted(string(out))
	if !ok {
		return n, fmt.Errorf("git log printed %q", out)
	}
	return n, nil
}

// Changed reports whether tracked files differ from the current commit.
func (g *Checkout) Changed(ctx context.Context) (bool, error) {
	out, err := g.Run(ctx, "status", "--porcelain", "--untracked-files=no", "--ignore-submodules=dirty")
	return out != "", err
}

// SetNote gives a commit a note of featherpack's in place of the one that it has.
func (g *Checkout) SetNote(ctx context.Context, commit, text string) error {
	blob, err := runWith(ctx, g.Top, settings, strings.NewReader(text), "hash-object", "-w", "--stdin")
	if err != nil {
		return err
	}
	// CI rarely has a name and an address, and the commit of a note needs them.
	with := append(settings[:len(settings):len(settings)], setting{"user.name", "featherpack"}, setting{"user.email", "featherpack@invalid"})
	_, err = run(ctx, g.Top, with, "notes", "--ref="+notesRef, "add", "--force", "-C", strings.TrimSpace(string(blob)), commit)
	return err
}
