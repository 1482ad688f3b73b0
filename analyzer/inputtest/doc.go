// Package inputtest limits what one input may cost whatever reads it. Every fuzz target
// of the repository calls [Bound] for each input:
//
//	f.Fuzz(func(t *testing.T, text []byte) {
//		defer inputtest.Bound(t)()
//		Parse(text)
//	})
package inputtest
