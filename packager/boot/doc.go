// Package boot starts an artifact away from the source tree against the Lambda
// Runtime API, so that a zip that would not run is found out at build time.
//
//  1. The zip is unpacked to a fresh folder (unpack.go).
//  2. What would run it on Lambda is chosen: a Node of the runtime's own major
//     version with Lambda's flags and a small runtime client, or the zip's own
//     bootstrap (program.go, node.go, fetch.go, client/).
//  3. It is started as Lambda starts it: read-only task folder, private /tmp, an
//     unprivileged user, Lambda's environment and nothing of the caller's, no
//     network but the Runtime API, and nothing that outlives the check
//     (environment.go, process_linux.go, stage_linux.go, root_linux.go).
//  4. A Runtime API on loopback sees it become ready, hands it the event and
//     takes its answer (api.go); time, memory and output are bounded meanwhile.
//
// Containment is Linux only. Elsewhere, and where the machine allows no
// namespaces, running is opt-in and the result names what was not contained.
package boot
