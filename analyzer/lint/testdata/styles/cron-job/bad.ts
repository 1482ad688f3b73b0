// Handler: handler
import { Client } from 'pg';
import pMap from 'p-map';
import { WebClient } from '@slack/web-api';
import { pbkdf2Sync } from 'crypto';

const key = pbkdf2Sync(process.env.SECRET!, 'salt', 100_000, 32, 'sha256'); // advice: work-at-load
const notify = async (row: any) => {
  const slack = new WebClient(process.env.SLACK_TOKEN); // advice: client-in-handler
  await slack.chat.postMessage({ channel: '#ops', text: `${row.id} ${key.length}` });
};
export const handler = async () => {
  const client = new Client({ connectionString: process.env.DATABASE_URL }); // advice: client-in-handler
  await client.connect();
  const { rows } = await client.query('select * from overdue');
  await pMap(rows, notify, { concurrency: 4 });
  return rows.length;
};
