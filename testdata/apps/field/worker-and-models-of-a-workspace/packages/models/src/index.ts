import fs from 'node:fs'
import path from 'node:path'
export const models: Record<string, unknown> = {}
const dir = path.join(__dirname, 'entities')
for (const file of fs.readdirSync(dir).filter(f => ['.js', '.ts'].includes(path.extname(f)))) {
  const { default: define } = require(path.join(dir, file)) as { default: (all: typeof models) => void }
  define(models)
}
