// Package unbundled measures the zip that a function has without a bundler: its source
// and its production dependencies. It is what sizes are compared with, and not what
// every framework would ship.
//
//  1. [Measurer.Measure] lists the files, and knows functions with the same folders.
//  2. The zip's size is measured, or projected from a sample of the files.
package unbundled
