package boot

import (
	"fmt"
	"slices"
)

// release is a pinned Node version: an npm package that holds only the executable.
type release struct {
	version string
	// integrity is the sha512 of the package, as npm lists it. digest is the
	// sha256 of its bin/node, checked before a cached file is used again.
	integrity, digest string
}

// releases are the pinned Nodes, by "major/npm architecture", the newest first. They
// change only with a new version of featherpack, so a check never runs an unreviewed Node.
var releases = map[string][]release{
	"20/x64": {
		{"20.20.2", "PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==", "6295488653f0d93b0a157841746fef7e72cc4328cfb60c4bbe0ca2668a836ffd"},
		{"20.20.0", "JJIo+ga3vt4ZdKPRV0SeeFu3qXM7lUuuBYAlr1gW6PdH60e57bpmr4NbP5AgJ4JPmi/3ijrwkiF4csNEoBt8KA==", "d01614ef369e36eee9ab8d86fbfa93ddf44931010add45e5262a63e3ddda784e"},
	},
	"20/arm64": {
		{"20.20.2", "LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==", "05a69ccdcb795f2a8b86c145e71a6a37cce84fccef5aaf25a8fe38bc9423e732"},
		{"20.20.0", "8Ndx82MDlN5nlvxiOmIVHLKBZatdJ9a0XSd9YZ3nRO9QbJt2LDz31W9bRmq5kIUXlttUgMgO+ckoQPFTd7aP0g==", "6dd9f31f1af348fa6a5f99e081570af9f818a9129e3321a0dc1ead77a47d9cc5"},
	},
	"22/x64": {
		{"22.23.3", "qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==", "fde6a4bf8d0562f7751d1a2d6cb9b417c4cfe107bbcb0aa3e9a24e125e348f48"},
		{"22.23.2", "lfi+07N7Y+NCz+WrWIu+VmHkXuTLuDv6JLpCAH5n+MvZeG4x9SoSGVJ+h8lUJwJKXGwZUJCdDXo6zZoLw16RGA==", "3517c2df0b2f8cd7f422b4b8450ef81c6889f08eb03e281d6de9079b15e6a327"},
		{"22.23.0", "IMfQV2qS+GNhgK86MUHSscCoYDFeIYSUOLOrWFYWJ+4wMa58VhVNwzyP2ZEwq+gywLJRpT889LuyNtam5BCLZA==", "b587d8a062552ab52ecae2a7b0bcd079351d1dc61cf2555fd5994f558274ae58"},
	},
	"22/arm64": {
		{"22.23.3", "l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==", "d09e299258c24f7cdf6f5d5ec185e3a56512b27a697113735dac909f1cac7b8d"},
		{"22.23.2", "q/iQECqcUb0U0gzWPRylQbhZhvy36iRBRcxwv9jl3GalPHcQrwIce2nymh9V7LwlocRRpCspu0P3O7vJpHCQOQ==", "1a638b0fe2b68da0489276aca95526c5122fc61ba54d6a2d0d00c1c92ab7b876"},
	},
	"24/x64": {
		{"24.21.0", "3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==", "7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c"},
		{"24.20.0", "tkBwUleGts0UUnK+6HKJkEsOMFb9bkG/YvXw8/alFTaDSUbneVeAFVqu6ELHXuyvVYP4vo1hNAAEfN9zl0Cm3g==", "89af8424dd53e560b1933f87ba650d8bf57c83ca5a04600eefb31f416aabbae7"},
	},
	"24/arm64": {
		{"24.21.0", "FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==", "0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584"},
		{"24.20.0", "LDOiQuLlruQpQRp0ddfGZurc1xqYSlX3dYk/3shzhQfCb8IgCPwtWf1RMQCGAWGFhZNbhihhSwGeNRHA+V2pTg==", "23a5637c2470fde09fcc1acc77c1b92e04e3d7e3e6e80ff7df6f5831958d1477"},
	},
	// Lambda has nodejs26.x in preview, and has not said with which version.
	"26/x64": {
		{"26.12.1", "jk5LMAmgHlPlPMWpsUrSOqNaEZG+11UNd35hWQ+p5/XGaelWuTqJ69IcAy/5xtPPN4d5ZRBNOGB6gLMCh2kL9A==", "08f12d42fb304468e8ee86247fe686aae5b225836ea65e9d6566c11ae6ba2e8e"},
	},
	"26/arm64": {
		{"26.12.1", "8Oxs6Y7rDcKufVIM/zYRSwytj46WOrZk7yFCLTKDcs17bBjAeD9HMAqo97hMfMyxozIud0S4vZCs5WB/3iavNQ==", "7d32bda549eb24395c1d9830731470a0045781b15797d5943591c333a085b2da"},
	},
}

// Sighting is the Node version that a runtime of Lambda was last seen with. Lambda does
// not publish it.
type Sighting struct {
	Runtime string
	// Version is the newest that it can have been then.
	Version string
	// Date is that of the source, as in 2026-09-16.
	Date, Source string
	// Evidence is what the source says, in a few words.
	Evidence string
}

// sightings are the newest public evidence, one a runtime.
var sightings = []Sighting{
	{"nodejs20.x", "20.20.2", "2026-05-14", "https://github.com/aws/aws-lambda-base-images/issues/482",
		"the last update of its base image; 20.20.2 is the last version of Node 20"},
	{"nodejs22.x", "22.23.0", "2026-09-16", "https://github.com/aws/aws-lambda-base-images/issues/683",
		"its newest base image was that of 19 June 2026, and 22.23.1 came on 24 June"},
	{"nodejs24.x", "24.20.0", "2026-09-16", "https://github.com/aws/aws-lambda-base-images/issues/683",
		"no base image held 24.21.0"},
}

// Sightings returns what is known of the Node versions of Lambda's runtimes.
func Sightings() []Sighting { return slices.Clone(sightings) }

// LastSeen returns what is known of the Node version of a runtime.
func LastSeen(runtime string) (s Sighting, ok bool) {
	at := slices.IndexFunc(sightings, func(s Sighting) bool { return s.Runtime == runtime })
	if at < 0 {
		return s, false
	}
	return sightings[at], true
}

// KnownNodes returns the versions of Node, the newest first, that featherpack can
// download for a runtime and an architecture of Lambda's.
func KnownNodes(runtime, architecture string) []string {
	var versions []string
	for _, r := range releases[fmt.Sprintf("%d/%s", nodeMajor(runtime), npmArchitecture(architecture))] {
		versions = append(versions, r.version)
	}
	return versions
}

// findRelease returns the pinned Node of a version, "" for the newest.
func findRelease(major int, arch, version string) (release, bool) {
	for _, r := range releases[fmt.Sprintf("%d/%s", major, arch)] {
		if version == "" || r.version == version {
			return r, true
		}
	}
	return release{}, false
}
