package yamltree

// columns converts the YAML library's columns, in characters, to bytes. It caches
// the last line, so that a document of one long line is scanned only once.
type columns struct {
	lines  []string
	line   int     // the cached line
	starts []int32 // the byte offset of each character; nil if the line is ASCII
}

func newColumns(lines []string) *columns { return &columns{lines: lines} }

func (c *columns) bytes(line, column int) int {
	if line < 1 || line > len(c.lines) || column < 1 {
		return max(column, 0)
	}
	text := c.lines[line-1]
	if line != c.line {
		c.line, c.starts = line, nil
		for i := range len(text) {
			if text[i] >= 0x80 {
				for at := range text {
					c.starts = append(c.starts, int32(at))
				}
				break
			}
		}
	}
	switch {
	case c.starts == nil:
		return min(column, len(text)+1)
	case column <= len(c.starts):
		return int(c.starts[column-1]) + 1
	}
	return len(text) + 1
}
