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

// Query is Terraform's query: strings by name.
type Query map[string]string

// maxQuery is the size limit of a query, in bytes.
const maxQuery = 1 << 20

// ReadQuery reads a query.
func ReadQuery(r io.Reader) (Query, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxQuery+1))
	if err != nil {
		return nil, analyzer.Usage(fmt.Sprintf("cannot read the query on stdin: %v", analyzer.WithoutPath(err)), "")
	}
	if len(text) > maxQuery {
		return nil, analyzer.Usage("the query on stdin is larger than 1 MiB", "")
	}
	if strings.TrimSpace(string(text)) == "" {
		return Query{}, nil
	}
	// No message quotes the input: if it was meant for another program, it may hold
	// secrets.
	var q map[string]*string
	if err := json.Unmarshal(text, &q); err != nil {
		return nil, analyzer.Usage("the query on stdin is not a JSON object of strings", `for example {"dir": ".", "only": "orders"}`)
	}
	known := Query{}
	for name, value := range q {
		if value != nil {
			known[name] = *value
		}
	}
	return known, nil
}

// queryKeys are the allowed keys of a query besides param.NAME: flags of the same
// name, and dir for the folder.
var queryKeys = []string{"dir", "out", "only", "entry", "stage", "config", "compress", "sourcemap", "install", "boot"}

// Apply calls set for each flag in the query. It returns the operands, with the folder
// in the query.
func (q Query) Apply(set func(flag, value string) error, args []string) ([]string, error) {
	for _, name := range slices.Sorted(maps.Keys(q)) {
		flag, value := name, q[name]
		switch name {
		case "dir":
			if len(args) > 0 {
				return nil, analyzer.Usage("the folder is given twice: as an argument and as dir in the query", "give it once")
			}
			args = []string{value}
			continue
		case "out", "only", "entry", "stage", "config", "compress", "sourcemap":
		case "install", "boot":
			if !slices.Contains([]string{"true", "false", ""}, value) {
				return nil, analyzer.Usage(fmt.Sprintf("%s in the query is neither true nor false", name), "")
			}
			value = strconv.FormatBool(value == "true")
		default:
			param, ok := strings.CutPrefix(name, "param.")
			if !ok || param == "" {
				hint := "the allowed keys are " + strings.Join(queryKeys, ", ") + " and param.NAME"
				if near := analyzer.Nearest(name, queryKeys); near != "" {
					hint = fmt.Sprintf("did you mean %q? %s", near, hint)
				}
				return nil, analyzer.Usage(fmt.Sprintf("the query has the unknown key %q", name), hint)
			}
			flag, value = "param", param+"="+value
		}
		if err := set(flag, value); err != nil {
			return nil, err
		}
	}
	return args, nil
}
