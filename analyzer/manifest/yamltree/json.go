package yamltree

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// ParseJSON reads JSON without positions. A program writes it on one line, for
// which a YAML parser is slowest.
func ParseJSON(source []byte) (*Value, error) {
	decoder := json.NewDecoder(bytes.NewReader(source))
	decoder.UseNumber()
	v, err := jsonValue(decoder, 0)
	if err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, errors.New("it ends too early")
		}
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			// The message quotes at most one character of the document.
			return nil, fmt.Errorf("byte %d: %w", syntax.Offset, err)
		}
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows its end")
	}
	return v, nil
}

func jsonValue(decoder *json.Decoder, depth int) (*Value, error) {
	if depth > MaxNesting {
		return nil, fmt.Errorf("it is nested deeper than %d levels", MaxNesting)
	}
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case string:
		return &Value{Kind: Text, Text: token}, nil
	case json.Number:
		return &Value{Kind: Number, Text: token.String()}, nil
	case bool:
		return &Value{Kind: Boolean, Text: fmt.Sprint(token)}, nil
	case json.Delim:
		v := &Value{Kind: Mapping}
		if token == '[' {
			v.Kind = Sequence
		}
		for decoder.More() {
			if v.Kind == Mapping {
				name, err := decoder.Token()
				if err != nil {
					return nil, err
				}
				if len(v.Keys) >= maxEntries {
					return nil, fmt.Errorf("it has more than %d entries in one mapping", maxEntries)
				}
				v.Keys = append(v.Keys, Key{Name: name.(string)})
			}
			item, err := jsonValue(decoder, depth+1)
			if err != nil {
				return nil, err
			}
			v.Items = append(v.Items, item)
		}
		_, err := decoder.Token()
		return v, refuseRepeated(v, err)
	}
	return &Value{}, nil // null
}

// refuseRepeated returns an error for a duplicate key, which JSON itself allows.
func refuseRepeated(v *Value, err error) error {
	if err != nil || v.Kind != Mapping {
		return err
	}
	names := make([]string, len(v.Keys))
	for i, k := range v.Keys {
		names[i] = k.Name
	}
	slices.Sort(names)
	for i := 1; i < len(names); i++ {
		if names[i] == names[i-1] {
			return errors.New("it has a key twice")
		}
	}
	return nil
}
