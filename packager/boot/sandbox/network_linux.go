package sandbox

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

// network reports whether something in the stage's network namespace tried to
// reach another machine. The kernel counts per namespace: a connection without a
// route, and a datagram to a local port where nobody listens. The second is how a
// question for a name ends, since the namespace has no name server.
//
// Source: the counters of RFC 4293 and RFC 4113, as proc(5) shows them in
// /proc/PID/net/snmp and snmp6.
func (w *watch) network() bool {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/net/snmp", w.root))
	if counter(text, "Ip:", "OutNoRoutes") > 0 || counter(text, "Udp:", "NoPorts") > 0 {
		return true
	}
	text, _ = os.ReadFile(fmt.Sprintf("/proc/%d/net/snmp6", w.root))
	for line := range bytes.Lines(text) {
		fields := bytes.Fields(line)
		if len(fields) == 2 && (string(fields[0]) == "Ip6OutNoRoutes" || string(fields[0]) == "Udp6NoPorts") {
			if n, _ := strconv.Atoi(string(fields[1])); n > 0 {
				return true
			}
		}
	}
	return false
}

// counter returns a value of a table with a line of names and a line of values,
// which both start with the protocol. It is 0 if there is none.
func counter(text []byte, protocol, name string) int {
	var names [][]byte
	for line := range bytes.Lines(text) {
		fields := bytes.Fields(line)
		if len(fields) == 0 || string(fields[0]) != protocol {
			continue
		}
		if names == nil {
			names = fields
			continue
		}
		for i, field := range names {
			if string(field) == name && i < len(fields) {
				n, _ := strconv.Atoi(string(fields[i]))
				return n
			}
		}
	}
	return 0
}
