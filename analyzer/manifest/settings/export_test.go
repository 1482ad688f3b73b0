package settings

import "slices"

// Keys are the keys that are read, by the place of their descriptions in the schema.
func Keys() map[string][]string {
	return map[string][]string{
		"properties":                      configKeys,
		"properties/coldStart/properties": coldStartKeys,
		"$defs/build/properties":          BuildKeys(),
		"properties/functions/additionalProperties/oneOf/properties": slices.Concat(functionKeys, BuildKeys()),
		"properties/budgets/items/properties":                        budgetKeys,
	}
}
