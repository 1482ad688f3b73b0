// Handler: handler
'use strict';
const AWS = require('aws-sdk'); // advice: aws-sdk-v2

module.exports.handler = async (event) => {
  const sns = new AWS.SNS(); // advice: client-in-handler
  event.Records.forEach((r) => {
    sns.publish({ TopicArn: process.env.TOPIC_ARN, Message: r.Sns.Message }).promise(); // advice: promise-not-awaited
  });
  return event.Records.length;
};
