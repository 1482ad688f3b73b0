// Package treetest writes projects for the tests of packager/node and the packages below it.
package treetest
