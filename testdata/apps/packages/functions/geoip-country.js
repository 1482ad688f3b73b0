'use strict'
// geoip-country reads its data when loaded, from a folder that a variable may name.
const geoip = require('geoip-country')

exports.handler = async ({ addresses }) => addresses.map((address) => geoip.lookup(address)?.country ?? null)
