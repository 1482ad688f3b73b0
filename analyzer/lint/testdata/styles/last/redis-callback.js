// Handler: handler
const redis = require('redis');
const client = redis.createClient(); // advice: timer-at-load
exports.handler = (event, context, callback) => { client.get(event.k, (e, v) => callback(e, v)); };
