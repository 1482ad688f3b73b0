import path from 'path'
import { validator } from 'openapi-like'
const api = validator({ apiSpec: './openapi/api.yaml', operationHandlers: path.join(__dirname, 'handlers') })
export const handler = async (event: { op: string }) => ({ answer: api.call(event.op), parts: api.parts })
