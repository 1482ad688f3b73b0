// Handler: handler
import { parse } from 'csv-parse/sync';
import * as dateFns from 'date-fns';
import * as fs from 'fs';
import * as path from 'path';

const format = (kind: string, value: Date) => (dateFns as any)[kind](value); // advice: namespace-kept
export const handler = async (event: { kind: string }) => {
  const rows = parse(fs.readFileSync(path.join(__dirname, 'rates.csv')), { columns: true }); // advice: read-per-invocation
  return rows.map((r: any) => ({ ...r, at: format(event.kind, new Date(r.at)) }));
};
