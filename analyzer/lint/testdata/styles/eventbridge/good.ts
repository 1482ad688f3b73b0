// Handler: handler
import type { EventBridgeEvent } from 'aws-lambda';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { STSClient, AssumeRoleCommand } from '@aws-sdk/client-sts';

const sts = new STSClient({});
const own = new EventBridgeClient({});
async function clientOf(account: string) {
  if (account === process.env.ACCOUNT) return own;
  const { Credentials: c } = await sts.send(new AssumeRoleCommand({
    RoleArn: `arn:aws:iam::${account}:role/bus`, RoleSessionName: 'forward',
  }));
  return new EventBridgeClient({
    credentials: { accessKeyId: c!.AccessKeyId!, secretAccessKey: c!.SecretAccessKey!, sessionToken: c!.SessionToken },
  });
}
export const handler = async (event: EventBridgeEvent<'OrderPlaced', { target: string }>) => {
  const client = await clientOf(event.detail.target);
  await client.send(new PutEventsCommand({ Entries: [{ Source: event.source, DetailType: event['detail-type'], Detail: JSON.stringify(event.detail) }] }));
};
