package node

import "testing"

// What module-alias answers at run time is bundled, and it finds its package.json.
func TestModuleAliases(t *testing.T) {
	b := build(t, `-- src/fn.js --
require('module-alias/register')
const inc = require('@lib/inc')
const { name } = require('@root/package.json')
exports.handler = async () => [inc(1), name, require('@lib'), require('lib2')]
-- src/lib/inc.js --
module.exports = n => n + 1
-- src/lib/index.js --
module.exports = 'index'
-- package.json --
{"name": "aliased", "_moduleAliases": {"@root": ".", "@lib": "src/lib"}}
-- node_modules/lib2/package.json --
{"main": "index.js"}
-- node_modules/lib2/index.js --
module.exports = 'a package'
-- node_modules/module-alias/package.json --
{"name": "module-alias", "main": "index.js"}
-- node_modules/module-alias/register.js --
require('fs').statSync(process.cwd() + '/package.json')
`)
	if got := ask(t, b); got != `[2,"aliased","index","a package"]` {
		t.Errorf("answered %s; %v", got, b.Diagnostics)
	}
}
