import { shout } from 'words'
export const text = shout('greet')
