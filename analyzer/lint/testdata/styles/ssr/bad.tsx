// Handler: handler
import { renderToString } from 'react-dom/server';
import fs from 'fs';
import path from 'path';
import ejs from 'ejs';

function App({ path }: { path: string }) { return <main>{path}</main>; }
const analytics = (event: any) => fetch('https://stats.example.com', { method: 'POST', body: event.rawPath });

const render = async (event: any) => {
  const template = fs.readFileSync(path.resolve(__dirname, 'index.ejs'), 'utf8'); // advice: read-per-invocation
  return ejs.render(template, { app: renderToString(<App path={event.rawPath} />) });
};
export const handler = async (event: any) => {
  const body = await render(event);
  analytics(event); // advice: promise-not-awaited
  return { statusCode: 200, headers: { 'content-type': 'text/html' }, body };
};
