import OpenAI from 'openai'

const client = new OpenAI({ apiKey: 'placeholder', maxRetries: 0, fetch: async (url, init) => Response.json({ url: String(url), body: JSON.parse(init.body) }) })
export const handler = async () => client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'hello' }] })
