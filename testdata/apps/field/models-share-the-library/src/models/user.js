const odm = require('odm')
module.exports = odm.model('User', { fields: ['name'] })
