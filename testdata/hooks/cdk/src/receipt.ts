import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { answer, type Event } from './shared/answer'

const from = readFileSync(join(__dirname, 'templates/receipt.txt'), 'utf8').trim()

export const handler = async (event: Event) => answer(from, event)
