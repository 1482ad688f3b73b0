// Handler: handler
import { renderToPipeableStream } from 'react-dom/server';
import { Writable } from 'stream';
import fs from 'fs';
import path from 'path';

declare const awslambda: any;
const template = fs.readFileSync(path.resolve(__dirname, 'index.html'), 'utf8');
const [head, tail] = template.split('<!--app-->');
function App({ path }: { path: string }) { return <main>{path}</main>; }

export const handler = awslambda.streamifyResponse(async (event: any, responseStream: Writable) => {
  responseStream.write(head);
  await new Promise<void>((resolve, reject) => {
    const { pipe } = renderToPipeableStream(<App path={event.rawPath} />, {
      onAllReady() {
        const collect = new Writable({ write(chunk, _e, cb) { responseStream.write(chunk); cb(); }, final(cb) { cb(); resolve(); } });
        pipe(collect);
      },
      onError: reject,
    });
  });
  responseStream.end(tail);
});
