// Handler: handler
import { readFile } from 'fs/promises';
import { join } from 'path';
import { readFileSync } from 'fs';
const template = () => readFileSync(join(process.cwd(), 'mail.html'), 'utf8'); // advice: read-per-invocation
export const handler = async (event: { lang: string }) => {
  const countries = JSON.parse(await readFile(join(__dirname, 'countries.json'), 'utf8')); // advice: read-per-invocation
  return template().replace('{country}', countries[event.lang]);
};
