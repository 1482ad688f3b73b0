package lint

import (
	"fmt"

	"github.com/featherpack/featherpack/analyzer"
)

// includedStorageMB is the size of /tmp that has no price.
// Source: docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html
const includedStorageMB = 512

// storageUnused finds functions that pay for a larger /tmp and cannot write a file.
func (s *settings) storageUnused() {
	if s.Deployment.StorageMB <= includedStorageMB || s.MayWrite || len(s.Layers) > 0 {
		return
	}
	s.add(Advice{
		Diagnostic: analyzer.Diagnostic{
			Position: s.Deployment.StorageAt,
			Message:  fmt.Sprintf("/tmp has %d MB, of which %d have no price, and nothing in the bundle can write a file", s.Deployment.StorageMB, includedStorageMB),
			Hint:     "set what has no price, or leave the setting out",
		},
		Config:           s.line(map[string]string{"serverless": "ephemeralStorageSize: 512", "sam": "EphemeralStorage: {Size: 512}", "cloudformation": "EphemeralStorage: {Size: 512}"}),
		Source:           "https://aws.amazon.com/lambda/pricing/",
		BehaviourChanges: "files of more than 512 MB no longer fit",
	})
}
