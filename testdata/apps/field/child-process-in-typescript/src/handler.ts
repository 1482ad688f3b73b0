import { fork } from 'child_process'
import path from 'path'
export const handler = async (event: { n: number }) => new Promise((resolve, reject) => {
  const child = fork(path.join(__dirname, 'child.js'), [String(event.n)])
  child.on('message', resolve).on('error', reject)
})
