import { SNSClient, PublishCommand } from '@aws-sdk/client-sns'

export const notify = async (Message: string) => {
  const sns = new SNSClient({}) // advice: client-in-handler
  await sns.send(new PublishCommand({ TopicArn: process.env.TOPIC, Message }))
}

// Nobody calls it.
export const later = async (Message: string) => new SNSClient({}).send(new PublishCommand({ Message }))
