package terraform

import (
	"bytes"
	"path"
	"regexp"
	"strings"
)

// IsSource reports whether a file is written in Terraform's language, which featherpack does
// not evaluate.
func IsSource(name string) bool {
	return strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tf.json")
}

// Declared returns where a source declares its first Lambda function: as a resource, or by
// the module terraform-aws-modules/lambda. Line and column count from 1; the line is 0 if
// it declares none.
func Declared(text []byte) (line, column int) {
	at := declares.FindIndex(text)
	if at == nil {
		return 0, 0
	}
	start := at[0] + len(text[at[0]:at[1]]) - len(bytes.TrimLeft(text[at[0]:at[1]], " \t\r\n"))
	return bytes.Count(text[:start], []byte("\n")) + 1, start - bytes.LastIndexByte(text[:start], '\n')
}

var declares = regexp.MustCompile(`(?m)^[ \t]*(?:resource[ \t]+"aws_lambda_function"|"aws_lambda_function"[ \t]*:|` +
	`source[ \t]*=[ \t]*"terraform-aws-modules/lambda/aws(?://[^"]*)?")`)

// PlanHint says how to make a plan of the sources in a folder.
func PlanHint(dir string) string {
	in := ""
	if dir != "." {
		in = "in " + dir + ", "
	}
	return in + "run terraform plan -out=tfplan, then terraform show -json tfplan > plan.json, and pass --config " + path.Join(dir, "plan.json")
}
