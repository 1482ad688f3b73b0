// Handler: main
import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda';
import { AppConfigDataClient, StartConfigurationSessionCommand, GetLatestConfigurationCommand } from '@aws-sdk/client-appconfigdata';

const appConfig = new AppConfigDataClient({});
async function flags() {
  const session = await appConfig.send(new StartConfigurationSessionCommand({ // advice: fetched-per-invocation
    ApplicationIdentifier: 'shop', EnvironmentIdentifier: 'prod', ConfigurationProfileIdentifier: 'flags',
  }));
  const { Configuration } = await appConfig.send(new GetLatestConfigurationCommand({ // advice: fetched-per-invocation
    ConfigurationToken: session.InitialConfigurationToken,
  }));
  return JSON.parse(new TextDecoder().decode(Configuration));
}
export const main = async (event: any) => {
  const { notify } = await flags();
  if (notify) {
    const lambda = new LambdaClient({}); // advice: client-in-handler
    void lambda.send(new InvokeCommand({ // advice: promise-not-awaited
      FunctionName: 'notify', InvocationType: 'Event', Payload: JSON.stringify(event),
    }));
  }
};
