const fs = require('fs'), path = require('path')
const odm = require('odm')
fs.readdirSync(path.join(__dirname, 'models')).filter(f => f.endsWith('.js')).forEach(f => require(path.join(__dirname, 'models', f)))
exports.handler = async (event) => ({ models: odm.modelNames(), fields: odm.model(event.model).fields })
