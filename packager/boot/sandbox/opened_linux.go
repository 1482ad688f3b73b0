package sandbox

import (
	"encoding/binary"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Openings counts the distinct files below a folder that are opened. It uses
// inotify, which also sees other users and other mount namespaces, and costs
// almost nothing.
type Openings struct {
	descriptor int
	folders    map[int32]string
	mu         sync.Mutex
	files      map[string]bool
	lost       bool
	quit       chan struct{}
	done       chan struct{}
}

// maxWatched is the largest number of folders to watch. With more folders, the
// count is unknown.
const maxWatched = 4096

// WatchOpenings returns nil if the files cannot be counted.
func WatchOpenings(dir string) *Openings {
	descriptor, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return nil
	}
	o := &Openings{
		descriptor: descriptor, folders: map[int32]string{}, files: map[string]bool{},
		quit: make(chan struct{}), done: make(chan struct{}),
	}
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if len(o.folders) >= maxWatched {
			return fs.ErrInvalid
		}
		id, err := unix.InotifyAddWatch(descriptor, name, unix.IN_OPEN)
		o.folders[int32(id)] = name
		return err
	})
	if err != nil {
		unix.Close(descriptor)
		return nil
	}
	go o.run()
	return o
}

func (o *Openings) run() {
	defer close(o.done)
	buffer := make([]byte, 64*1024)
	for quitting := false; ; {
		n, err := unix.Read(o.descriptor, buffer)
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.EAGAIN && quitting:
			return
		case err == unix.EAGAIN:
			select {
			case <-o.quit:
				quitting = true
			case <-time.After(5 * time.Millisecond):
			}
			continue
		case err != nil || n <= 0:
			return
		}
		o.take(buffer[:n])
	}
}

// take parses inotify events: watch, mask, cookie and name length, then the name.
func (o *Openings) take(events []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(events) >= unix.SizeofInotifyEvent {
		id := int32(binary.NativeEndian.Uint32(events))
		mask := binary.NativeEndian.Uint32(events[4:])
		length := int(binary.NativeEndian.Uint32(events[12:]))
		if length > len(events)-unix.SizeofInotifyEvent {
			return
		}
		name := events[unix.SizeofInotifyEvent : unix.SizeofInotifyEvent+length]
		events = events[unix.SizeofInotifyEvent+length:]
		if mask&unix.IN_Q_OVERFLOW != 0 {
			o.lost = true
		}
		if mask&unix.IN_ISDIR == 0 && mask&unix.IN_OPEN != 0 && length > 0 {
			o.files[o.folders[id]+"/"+unix.ByteSliceToString(name)] = true
		}
	}
}

// Stop returns the number of files opened, 0 if it is unknown.
func (o *Openings) Stop() int {
	if o == nil {
		return 0
	}
	close(o.quit)
	<-o.done
	unix.Close(o.descriptor)
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.lost {
		return 0
	}
	return len(o.files)
}
