// Handler: handler
import { readFileSync, existsSync } from 'fs';
import { join } from 'path';
const memo: Record<string, string> = {};
const view = (name: string) => (memo[name] ||= readFileSync(join(__dirname, 'views', `${name}.html`), 'utf8'));
let config: any;
const cfg = () => { if (config) return config; config = JSON.parse(readFileSync(join(__dirname, 'c.json'), 'utf8')); return config; };
export const handler = async (e: any) => view(e.name) + view('a') + cfg().x + (existsSync('/tmp/x') ? readFileSync('/tmp/x') : '');
