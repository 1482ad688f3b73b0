// Handler: handler
import type { CloudFrontRequestEvent } from 'aws-lambda';
import { SSMClient, GetParametersByPathCommand } from '@aws-sdk/client-ssm';
const ssm = new SSMClient({ region: 'us-east-1' });
let rules: Promise<Map<string, string>> | undefined;
async function load() {
  const all = new Map<string, string>();
  let NextToken: string | undefined;
  do {
    const page = await ssm.send(new GetParametersByPathCommand({ Path: '/redirects', NextToken }));
    page.Parameters?.forEach((p) => all.set(p.Name!, p.Value!));
    NextToken = page.NextToken;
  } while (NextToken);
  return all;
}
export const handler = async (event: CloudFrontRequestEvent) => {
  rules ??= load().catch((e) => { rules = undefined; throw e; });
  const { request } = event.Records[0].cf;
  const to = (await rules).get(request.uri);
  return to ? { status: '301', headers: { location: [{ value: to }] } } : request;
};
