// Handler: handler
import type { Handler } from 'aws-lambda';
import { bootstrap } from './bootstrap';
let server: Handler | undefined;
export const handler: Handler = async (event, context, callback) => {
  if (event.source === 'serverless-plugin-warmup') return 'warm';
  server = server ?? (await bootstrap());
  return server(event, context, callback);
};
