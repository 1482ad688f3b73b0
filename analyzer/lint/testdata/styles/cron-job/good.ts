// Handler: handler
import { Client } from 'pg';
import pMap from 'p-map';
import { WebClient } from '@slack/web-api';

const slack = new WebClient(process.env.SLACK_TOKEN);
export const handler = async () => {
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  try {
    const { rows } = await client.query('select * from overdue');
    await pMap(rows, (row: any) => slack.chat.postMessage({ channel: '#ops', text: row.id }), { concurrency: 4 });
    return rows.length;
  } finally {
    await client.end();
  }
};
