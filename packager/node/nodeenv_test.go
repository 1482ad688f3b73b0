package node

import (
	"os"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// Own code reads NODE_ENV as it does in the source tree.
func TestNodeEnv(t *testing.T) {
	t.Setenv(nodeEnv, "") // restored at the end
	os.Unsetenv(nodeEnv)
	for _, e := range examples(t, "nodeenv") {
		t.Run(e.name, func(t *testing.T) {
			b := e.bundle(t, func(f *analyzer.Function) {
				if value := e.want["env"]; value != "" {
					f.Environment = map[string]string{nodeEnv: value}
				}
			})
			if got := ask(t, b); got != e.want["answer"] {
				t.Errorf("answered %s, want %s", got, e.want["answer"])
			}
			if got := setting(b, nodeEnv); got != e.want["setting"] {
				t.Errorf("the report says %q, want %q", got, e.want["setting"])
			}
		})
	}
}
