package mappings

import "bytes"

// Cut finds the mappings in a source map that esbuild wrote: its largest part, which needs
// no escapes. The texts around them are JSON together.
func Cut(sourceMap []byte) (before, mappings, after []byte, found bool) {
	const start = "\n  \"mappings\": \""
	// No string of JSON holds a line break.
	i := bytes.Index(sourceMap, []byte(start))
	if i < 0 {
		return nil, nil, nil, false
	}
	i += len(start)
	n := bytes.IndexByte(sourceMap[i:], '"')
	if n < 0 {
		return nil, nil, nil, false
	}
	return sourceMap[:i], sourceMap[i : i+n], sourceMap[i+n:], true
}
