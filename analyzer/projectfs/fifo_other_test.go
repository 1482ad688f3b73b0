//go:build !unix

package projectfs

import "errors"

func mkfifo(string) error { return errors.New("no pipes here") }
