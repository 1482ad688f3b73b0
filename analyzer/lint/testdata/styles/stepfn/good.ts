// Handler: handler
import { SFNClient, SendTaskSuccessCommand, SendTaskFailureCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { randomUUID } from 'node:crypto';

const sfn = new SFNClient({});
type Input = { taskToken?: string; stateMachineArn?: string; payload: unknown };
export const handler = async ({ taskToken, stateMachineArn, payload }: Input) => {
  if (!taskToken) return sfn.send(new StartExecutionCommand({ stateMachineArn, name: randomUUID(), input: JSON.stringify(payload) }));
  try {
    return await sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(payload) }));
  } catch (error) {
    await sfn.send(new SendTaskFailureCommand({ taskToken, error: (error as Error).name, cause: (error as Error).message }));
    throw error;
  }
};
