// Handler: handler
import OpenAI from 'openai';
import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
let openai: OpenAI;
const init = async () => {
  if (openai) return;
  openai = new OpenAI({ apiKey: (await getSecret('openai', { maxAge: 900 })) as string });
};
export const handler = async (event: { text: string }) => {
  await init();
  const r = await openai.chat.completions.create({ model: 'gpt-5-mini', messages: [{ role: 'user', content: event.text }] });
  return r.choices[0].message.content;
};
