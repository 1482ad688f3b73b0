package terraform

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Query is what Terraform asks: texts by name.
type Query map[string]string

// maxQuery bounds the question, in bytes.
const maxQuery = 1 << 20

// ReadQuery reads a question.
func ReadQuery(r io.Reader) (Query, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxQuery+1))
	if err != nil {
		return nil, analyzer.Usage(fmt.Sprintf("cannot read the question on stdin: %v", analyzer.WithoutPath(err)), "")
	}
	if len(text) > maxQuery {
		return nil, analyzer.Usage("the question on stdin is larger than 1 MiB", "")
	}
	if strings.TrimSpace(string(text)) == "" {
		return Query{}, nil
	}
	// Its texts may be secrets that were meant for another program: no message
	// quotes them.
	var q map[string]*string
	if err := json.Unmarshal(text, &q); err != nil {
		return nil, analyzer.Usage("the question on stdin is no JSON object of texts", `such as {"dir": ".", "only": "orders"}`)
	}
	known := Query{}
	for name, value := range q {
		if value != nil {
			known[name] = *value
		}
	}
	return known, nil
}

// queryKeys are what a question may hold besides param.NAME: the flags of the
// same names, and dir for the folder.
var queryKeys = []string{"dir", "out", "only", "entry", "stage", "config", "compress", "sourcemap", "install", "boot"}

// Lay puts the question over the flags as typed, by set. It gives the operands with
// the folder that the question names.
func (q Query) Lay(set func(flag, value string) error, args []string) ([]string, error) {
	for _, name := range slices.Sorted(maps.Keys(q)) {
		flag, value := name, q[name]
		switch name {
		case "dir":
			if len(args) > 0 {
				return nil, analyzer.Usage("the folder is given twice: as an argument and as dir in the question", "give it once")
			}
			args = []string{value}
			continue
		case "out", "only", "entry", "stage", "config", "compress", "sourcemap":
		case "install", "boot":
			if !slices.Contains([]string{"true", "false", ""}, value) {
				return nil, analyzer.Usage(fmt.Sprintf("%s in the question is neither true nor false", name), "")
			}
			value = strconv.FormatBool(value == "true")
		default:
			param, ok := strings.CutPrefix(name, "param.")
			if !ok || param == "" {
				hint := "it may hold " + strings.Join(queryKeys, ", ") + " and param.NAME"
				if near := analyzer.Nearest(name, queryKeys); near != "" {
					hint = fmt.Sprintf("did you mean %q? %s", near, hint)
				}
				return nil, analyzer.Usage(fmt.Sprintf("the question holds %q, which is not known", name), hint)
			}
			flag, value = "param", param+"="+value
		}
		if err := set(flag, value); err != nil {
			return nil, err
		}
	}
	return args, nil
}
