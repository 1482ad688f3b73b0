const http = require('http')

module.exports = function start(app) {
  http.createServer(app).listen(3001) // advice: server-at-load
}
