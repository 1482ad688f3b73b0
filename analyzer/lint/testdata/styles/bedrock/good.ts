// Handler: handler
import { BedrockRuntimeClient, InvokeModelWithResponseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
declare const awslambda: any;
const bedrock = new BedrockRuntimeClient({});
export const handler = awslambda.streamifyResponse(async (event: any, stream: any, _context: any) => {
  const out = awslambda.HttpResponseStream.from(stream, { statusCode: 200, headers: { 'content-type': 'text/event-stream' } });
  const { body } = await bedrock.send(new InvokeModelWithResponseStreamCommand({ modelId: 'm', body: event.body }));
  for await (const part of body!) out.write(new TextDecoder().decode(part.chunk?.bytes));
  out.end();
});
