const odm = require('odm')
const User = require('./user')
module.exports = odm.model('Order', { fields: ['by', ...User.fields] })
