// Handler: handler
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SSM } from '@aws-sdk/client-ssm';

const ssm = new SSM({});
export const handler = async (event: { orders: { id: string }[] }) => {
  const arn = (await ssm.getParameter({ Name: `/${process.env.STAGE}/state-machine` })).Parameter!.Value; // advice: fetched-per-invocation
  const sfn = new SFNClient({}); // advice: client-in-handler
  event.orders.forEach(({ id }) => sfn.send(new StartExecutionCommand({ stateMachineArn: arn, name: id }))); // advice: promise-not-awaited
  if (event.orders.length === 0) {
    console.error('nothing to do');
    process.exit(1); // advice: exit-in-handler
  }
};
