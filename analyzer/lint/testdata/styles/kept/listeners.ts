// Handler: handler
import { Worker } from 'worker_threads';
import { EventEmitter, once } from 'events';
import { writeFile, unlink } from 'fs/promises';
export const handler = async () => {
  const e = new EventEmitter();
  e.on('x', async () => { await writeFile('/tmp/a', 'b'); });
  const w = new Worker('./w.js');
  await once(w, 'exit');
  await writeFile('/tmp/b', 'c');
  await unlink('/tmp/b').catch(() => {});
  const { signal } = new AbortController();
  signal.addEventListener('abort', async () => { await unlink('/tmp/c'); });
};
