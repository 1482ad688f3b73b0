// Handler: handler
import { SSMClient, GetParametersByPathCommand } from '@aws-sdk/client-ssm';
export const handler = async (event: any) => {
  const ssm = new SSMClient({ region: 'us-east-1' }); // advice: client-in-handler
  const { Parameters } = await ssm.send(new GetParametersByPathCommand({ Path: '/redirects' })); // advice: fetched-per-invocation
  const { request } = event.Records[0].cf;
  return Parameters?.find((p) => p.Name === request.uri) ?? request;
};
