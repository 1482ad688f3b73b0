package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// schema holds the keywords that the report's JSON Schema uses. [reportTypes] fails on
// a keyword that is not listed here, because it might affect the types.
type schema struct {
	Description string             `json:"description"`
	Title       string             `json:"title"`
	Type        string             `json:"type"`
	Ref         string             `json:"$ref"`
	Const       any                `json:"const"`
	Enum        []any              `json:"enum"`
	Items       *schema            `json:"items"`
	Properties  map[string]*schema `json:"properties"`
	Additional  *schema            `json:"additionalProperties"`
	Required    []string           `json:"required"`
	Defs        map[string]*schema `json:"$defs"`

	// These limit values and do not affect types.
	Dialect   string `json:"$schema"`
	ID        string `json:"$id"`
	Pattern   string `json:"pattern"`
	Minimum   any    `json:"minimum"`
	MinLength any    `json:"minLength"`
	MaxLength any    `json:"maxLength"`
	MinItems  any    `json:"minItems"`
}

// reportTypes writes the report's schema as TypeScript, so that the two cannot
// drift apart.
func reportTypes(source []byte) (string, error) {
	decoder := json.NewDecoder(strings.NewReader(string(source)))
	decoder.DisallowUnknownFields()
	var root schema
	if err := decoder.Decode(&root); err != nil {
		return "", fmt.Errorf("the report's schema has a keyword that is not converted to TypeScript: %w", err)
	}
	var b strings.Builder
	b.WriteString("// Made from the JSON Schema of reports.\n")
	if err := declare(&b, "Report", &root); err != nil {
		return "", err
	}
	for _, name := range slices.Sorted(maps.Keys(root.Defs)) {
		if err := declare(&b, typeName(name), root.Defs[name]); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// typeName returns the name of a type. It avoids TypeScript's own Function.
func typeName(def string) string {
	if def == "function" {
		return "ReportFunction"
	}
	return strings.ToUpper(def[:1]) + def[1:]
}

func declare(b *strings.Builder, name string, s *schema) error {
	text, err := typeOf(s, "")
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	b.WriteString("\n" + comment(s.Description, ""))
	if s.Properties != nil {
		fmt.Fprintf(b, "export interface %s %s\n", name, text)
		return nil
	}
	fmt.Fprintf(b, "export type %s = %s\n", name, text)
	return nil
}

func comment(text, indent string) string {
	if text == "" {
		return ""
	}
	return fmt.Sprintf("%s/** %s */\n", indent, strings.ReplaceAll(text, "*/", "* /"))
}

func typeOf(s *schema, indent string) (string, error) {
	switch {
	case s.Ref != "":
		name, ok := strings.CutPrefix(s.Ref, "#/$defs/")
		if !ok {
			return "", fmt.Errorf("$ref %s", s.Ref)
		}
		return typeName(name), nil
	case s.Const != nil:
		return literals(s.Const)
	case s.Enum != nil:
		return literals(s.Enum...)
	}
	switch s.Type {
	case "string", "boolean":
		return s.Type, nil
	case "integer", "number":
		return "number", nil
	case "array":
		item, err := typeOf(s.Items, indent)
		if strings.ContainsAny(item, "|") && !strings.Contains(item, "{") {
			item = "(" + item + ")"
		}
		return item + "[]", err
	case "object":
		return object(s, indent)
	}
	return "", fmt.Errorf("type %q", s.Type)
}

func literals(values ...any) (string, error) {
	words := make([]string, len(values))
	for i, v := range values {
		text, err := json.Marshal(v)
		if err != nil {
			return "", err
		}
		words[i] = string(text)
	}
	return strings.Join(words, " | "), nil
}

func object(s *schema, indent string) (string, error) {
	if s.Properties == nil && s.Additional != nil {
		value, err := typeOf(s.Additional, indent)
		return "Record<string, " + value + ">", err
	}
	var b strings.Builder
	b.WriteString("{\n")
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		property := s.Properties[name]
		text, err := typeOf(property, indent+"  ")
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		optional := "?"
		if slices.Contains(s.Required, name) {
			optional = ""
		}
		fmt.Fprintf(&b, "%s%s  %s%s: %s\n", comment(property.Description, indent+"  "), indent, name, optional, text)
	}
	b.WriteString(indent + "}")
	return b.String(), nil
}
