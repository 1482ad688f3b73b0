package native

// ABIOf is the version of Node's binary interface (NODE_MODULE_VERSION) of a Lambda runtime,
// "" if it is not known. An addon that does not use Node-API is made for one of them.
// Source: github.com/nodejs/node, doc/abi_version_registry.json
func ABIOf(runtime string) string {
	return map[string]string{
		"nodejs16.x": "93", "nodejs18.x": "108", "nodejs20.x": "115", "nodejs22.x": "127", "nodejs24.x": "137", "nodejs26.x": "147",
	}[runtime]
}
