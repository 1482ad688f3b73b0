import { open } from 'words'
const words = open({ directory: 'node_modules/words/dict', settings: { file: './config/words.json' }, locales: 'locales' })
export const handler = async (event: { text: string }) => words(event.text)
