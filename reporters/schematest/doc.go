// Package schematest checks JSON against a schema in tests, and rejects undescribed keys.
package schematest
