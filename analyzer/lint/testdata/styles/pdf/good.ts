// Handler: handler
import PDFDocument from 'pdfkit';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const font = readFileSync(fileURLToPath(new URL('./fonts/inter.ttf', import.meta.url)));
export const handler = async (event: { lines: string[] }) => {
  const chunks: Buffer[] = [];
  const doc = new PDFDocument();
  const done = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (c: Buffer) => chunks.push(c));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
  doc.registerFont('body', font).font('body');
  event.lines.forEach((line) => doc.text(line));
  doc.end();
  return { statusCode: 200, isBase64Encoded: true, body: (await done).toString('base64') };
};
