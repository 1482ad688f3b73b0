// Package libraries lists what is known of libraries by name, each with the page that
// says so: those that read the names of classes, and the tracers that instrument packages
// by hooking require.
package libraries
