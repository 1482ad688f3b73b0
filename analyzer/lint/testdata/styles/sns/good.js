// Handler: handler
'use strict';
const { SNSClient, PublishBatchCommand } = require('@aws-sdk/client-sns');

const sns = new SNSClient();
const chunk = (list, n) => Array.from({ length: Math.ceil(list.length / n) }, (_, i) => list.slice(i * n, i * n + n));

module.exports.handler = async (event) => {
  const messages = event.Records.map((r) => JSON.parse(r.Sns.Message));
  const sent = chunk(messages, 10).map((part) =>
    sns.send(new PublishBatchCommand({
      TopicArn: process.env.TOPIC_ARN,
      PublishBatchRequestEntries: part.map((m, i) => ({ Id: String(i), Message: JSON.stringify(m) })),
    }))
  );
  await Promise.all(sent);
  return messages.length;
};
