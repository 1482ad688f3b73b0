// Handler: handler
import { ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs';
import { Agent } from 'node:https';
import axios from 'axios';
const http = axios.create({ httpsAgent: new Agent({ keepAlive: true }), timeout: 3000 });
const regions: Record<string, ECSClient> = {};
export const handler = async (event: { region: string; token: string }) => {
  const ecs = (regions[event.region] ??= new ECSClient({ region: event.region }));
  const api = axios.create({ headers: { authorization: `Bearer ${event.token}` } });
  await Promise.all([ecs.send(new RunTaskCommand({ taskDefinition: 't' })), http.get('https://a.example.com'), api.get('https://b.example.com')]);
};
