import type { Schema } from 'broker'
import { inc } from '../lib/inc'
const schema: Schema = { name: 'math', actions: { inc: (n: number) => inc(n) } }
export default schema
