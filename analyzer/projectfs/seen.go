package projectfs

import (
	"io/fs"
	"os"
	"time"
)

// Seen is what the system said of files and folders when they were looked at. It holds no
// content: who has read the contents may ask whether they are still the same.
type Seen struct {
	at time.Time
	of []seen
}

type seen struct {
	abs   string
	stamp stamp
}

// NewSeen is for what is looked at from now on.
func NewSeen() *Seen { return &Seen{at: time.Now()} }

// Note notes what is at an absolute path. A nil Seen notes nothing.
func (s *Seen) Note(abs string, info fs.FileInfo) {
	if s == nil {
		return
	}
	s.of = append(s.of, seen{abs, stampOf(info)})
}

// Same reports whether everything is surely as it was. A folder is if its names are.
func (s *Seen) Same() bool {
	for _, one := range s.of {
		info, err := os.Lstat(one.abs)
		if err != nil || stampOf(info) != one.stamp || !one.stamp.settledBy(s.at) {
			return false
		}
	}
	return true
}
