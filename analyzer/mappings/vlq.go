package mappings

const vlqDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// vlqValues are the values of the digits, by character; -1 for what is none.
var vlqValues = func() (values [256]int8) {
	for i := range values {
		values[i] = -1
	}
	for i, c := range []byte(vlqDigits) {
		values[c] = int8(i)
	}
	return values
}()

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
func ReadVLQ[Text string | []byte](s Text, i int) (v, next int, ok bool) {
	for shift := 0; i < len(s) && shift < 60; shift += 5 {
		d := int(vlqValues[s[i]])
		if d < 0 {
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
