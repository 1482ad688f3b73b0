package slim

import (
	"bytes"
	"encoding/json"
)

// JSON returns a text without the white space between its values, or false where it must
// stay as it is. Numbers, strings, and keys that come twice are as they are written.
func JSON(text []byte) (slim []byte, ok bool) {
	var out bytes.Buffer
	if json.Compact(&out, text) != nil {
		return nil, false
	}
	return out.Bytes(), out.Len() < len(text)
}
