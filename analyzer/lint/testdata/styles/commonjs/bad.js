// Handler: handler
var aws = require('aws-sdk'); // advice: aws-sdk-v2
var _ = require('underscore'); // advice: whole-package
var fs = require('fs');

var stats = {};
setInterval(function () { stats = {}; }, 60000); // advice: timer-at-load

function load(cb) {
  var s3 = new aws.S3(); // advice: client-in-handler
  s3.getObject({ Bucket: 'config', Key: 'app.json' }, cb);
}
exports.handler = function (event, context, callback) {
  var defaults = JSON.parse(fs.readFileSync(__dirname + '/defaults.json', 'utf8')); // advice: read-per-invocation
  load(function (err, data) {
    if (err) return callback(err);
    callback(null, _.extend(defaults, JSON.parse(data.Body.toString())));
  });
};
