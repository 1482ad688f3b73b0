'use strict'
const moment = require('moment-timezone')

exports.handler = async ({ at, zones }) => zones.map((zone) => moment.utc(at).tz(zone).format('YYYY-MM-DD HH:mm z Z')).concat(String(moment.tz.zonesForCountry('NZ').length))
