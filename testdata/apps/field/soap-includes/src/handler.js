const path = require('path')
const soapy = require('soapy')
exports.handler = async (event) => ({ types: soapy.types(path.join(__dirname, 'wsdl', 'orders.wsdl')), part: event.part })
