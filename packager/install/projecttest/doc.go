// Package projecttest installs the sample projects for tests that read all their code.
package projecttest
