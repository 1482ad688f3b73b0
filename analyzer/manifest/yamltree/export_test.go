package yamltree

const (
	MaxEntries    = maxEntries
	MaxLines      = maxLines
	MaxAliasNodes = maxAliasNodes
)
