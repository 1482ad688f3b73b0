package terraform

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
)

// planScan reads JSON piece by piece. A plan is large and full of secrets, so a
// value that is not needed is skipped byte by byte and never stored as a string.
// No message quotes the plan.
//
// The first error ends the scan: everything after it reads as absent.
type planScan struct {
	in   *bufio.Reader
	file string
	// line and column are the position of the next byte.
	line, column int
	depth        int
	failed       *analyzer.Diagnostic
}

// Bounds on what is kept. Lambda's limits are far lower: 128 characters for a
// handler, 140 for a function's name.
const (
	maxPlanDepth = 1000
	maxPlanKey   = 256
	maxPlanText  = 4096
	maxPlanList  = 100
)

func newPlanScan(file string, r io.Reader) *planScan {
	return &planScan{in: bufio.NewReaderSize(r, 1<<16), file: file, line: 1, column: 1}
}

func (s *planScan) at() analyzer.Position {
	return analyzer.Position{File: s.file, Line: s.line, Column: s.column}
}

func (s *planScan) fail(message string) {
	if s.failed == nil {
		d := analyzer.Problem(analyzer.Error, "manifest-syntax", s.at(), "write it anew: terraform show -json tfplan > plan.json", "%s", message)
		s.failed = &d
	}
}

// take reads a byte. It returns 0 at the end.
func (s *planScan) take() byte {
	if s.failed != nil {
		return 0
	}
	c, err := s.in.ReadByte()
	if err != nil {
		if errors.Is(err, io.EOF) {
			s.fail("is cut short")
		} else {
			s.fail("cannot be read to its end")
		}
		return 0
	}
	s.column++
	if c == '\n' {
		s.line, s.column = s.line+1, 1
	}
	return c
}

// peek returns the next byte that is not white space, without reading it. It
// returns 0 at the end.
func (s *planScan) peek() byte {
	for s.failed == nil {
		c, err := s.in.ReadByte()
		if err != nil {
			return 0
		}
		if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			_ = s.in.UnreadByte() // cannot fail after a ReadByte
			return c
		}
		s.column++
		if c == '\n' {
			s.line, s.column = s.line+1, 1
		}
	}
	return 0
}

func (s *planScan) expect(want byte) {
	if got := s.peek(); got != want && s.failed == nil {
		if got == 0 {
			s.fail("is cut short")
		}
		s.fail("is not JSON")
		return
	}
	s.take()
}

// object calls member for each key of an object. member must read the value. Any
// other value is skipped, and object returns false.
func (s *planScan) object(member func(key string)) bool {
	if s.peek() != '{' {
		s.skip()
		return false
	}
	s.within('}', func() {
		key, _ := s.text(maxPlanKey)
		s.expect(':')
		member(key)
	})
	return true
}

// array calls item for each element. item must read it.
func (s *planScan) array(item func()) bool {
	if s.peek() != '[' {
		s.skip()
		return false
	}
	s.within(']', item)
	return true
}

// within reads the elements between brackets, separated by commas.
func (s *planScan) within(end byte, one func()) {
	s.take()
	if s.depth++; s.depth > maxPlanDepth {
		s.fail("is nested too deep")
	}
	for first := true; s.failed == nil; first = false {
		if s.peek() == end && first {
			break
		}
		if !first {
			if s.peek() == end {
				break
			}
			s.expect(',')
		}
		if end == '}' && s.peek() != '"' {
			s.fail("is not JSON")
		}
		one()
	}
	s.expect(end)
	s.depth--
}

// text reads a string of at most limit bytes. Any other value, or a longer string,
// is skipped, and text returns false.
func (s *planScan) text(limit int) (string, bool) {
	if s.peek() != '"' {
		s.skip()
		return "", false
	}
	raw := []byte{s.take()}
	for s.failed == nil {
		c := s.take()
		if c < ' ' && s.failed == nil {
			s.fail("is not JSON: a text holds a control character")
		}
		if len(raw) <= 6*limit {
			raw = append(raw, c)
		}
		if c == '"' {
			break
		}
		if c == '\\' {
			c = s.take()
			if len(raw) <= 6*limit {
				raw = append(raw, c)
			}
			if !slices.Contains([]byte(`"\/bfnrtu`), c) {
				s.fail("is not JSON: a text holds an unknown escape")
			}
		}
	}
	var text string
	if s.failed != nil || limit == 0 {
		return "", false
	}
	if len(raw) > 6*limit {
		return "", false
	}
	if json.Unmarshal(raw, &text) != nil {
		s.fail("is not JSON: a text holds an unknown escape")
		return "", false
	}
	return text, len(text) <= limit
}

// plain reads a number, true, false or null as it is written.
func (s *planScan) plain() string {
	var raw []byte
	for c := s.peek(); c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == 'E' || c == '.' || c == '+' || c == '-'; {
		if raw = append(raw, s.take()); len(raw) > 64 {
			s.fail("holds a number that is too long")
			return ""
		}
		next, err := s.in.Peek(1)
		if err != nil {
			break
		}
		c = next[0]
	}
	if s.failed == nil && !json.Valid(raw) {
		if len(raw) == 0 && s.peek() == 0 {
			s.fail("is cut short")
		}
		s.fail("is not JSON")
		return ""
	}
	return string(raw)
}

// skip skips a value of any kind.
func (s *planScan) skip() {
	switch s.peek() {
	case '{':
		s.object(func(string) { s.skip() })
	case '[':
		s.array(s.skip)
	case '"':
		s.text(0)
	default:
		s.plain()
	}
}

// end checks that nothing follows the document.
func (s *planScan) end() {
	if s.peek() != 0 {
		s.fail("holds more than one JSON document")
	}
}
