// Handler: handler
var AWSXRay = require('aws-xray-sdk-core');
var dynamo = require('@aws-sdk/client-dynamodb');
var client = AWSXRay.captureAWSv3Client(new dynamo.DynamoDBClient({}));

function respond(code, body, cb) {
  cb(null, { statusCode: code, body: JSON.stringify(body) });
}
exports.handler = function (event, context, callback) {
  context.callbackWaitsForEmptyEventLoop = false;
  client.send(new dynamo.GetItemCommand({ TableName: 't', Key: { id: { S: event.pathParameters.id } } }))
    .then(function (data) { respond(200, data.Item, callback); })
    .catch(function (err) { respond(500, { message: err.message }, callback); });
};
