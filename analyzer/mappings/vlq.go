package mappings

const vlqDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// AppendVLQ appends a number as a base64 variable-length quantity.
func AppendVLQ(out []byte, value int) []byte {
	v := value << 1
	if value < 0 {
		v = -value<<1 | 1
	}
	for {
		digit := v & 31
		if v >>= 5; v > 0 {
			digit |= 32
		}
		out = append(out, vlqDigits[digit])
		if v == 0 {
			return out
		}
	}
}

// ReadVLQ reads a base64 variable-length quantity at i, and returns where the next one
// starts.
func ReadVLQ(s string, i int) (v, next int, ok bool) {
	for shift := 0; i < len(s) && shift < 60; shift += 5 {
		var d int
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			d = int(c - 'A')
		case c >= 'a' && c <= 'z':
			d = int(c-'a') + 26
		case c >= '0' && c <= '9':
			d = int(c-'0') + 52
		case c == '+':
			d = 62
		case c == '/':
			d = 63
		default:
			return 0, i, false
		}
		i++
		v |= (d & 31) << shift
		if d&32 == 0 {
			if v&1 != 0 {
				return -(v >> 1), i, true
			}
			return v >> 1, i, true
		}
	}
	return 0, i, false
}
