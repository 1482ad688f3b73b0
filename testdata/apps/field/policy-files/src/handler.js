const { newEnforcer } = require('enforcer')
exports.handler = async (event) => ({ allowed: (await newEnforcer('config/model.conf', 'config/policy.csv')).enforce(event.who, event.what) })
