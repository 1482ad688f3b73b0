import { readFileSync } from 'fs';
import { resolve } from 'path';
export async function list(_req: any, res: any) {
  const schema = JSON.parse(readFileSync(resolve(__dirname, 'schema.json'), 'utf8')); // advice: read-per-invocation
  res.json(schema);
}
