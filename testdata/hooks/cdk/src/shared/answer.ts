export type Event = { word: string }

export const answer = (from: string, { word }: Event) => ({ from, word })
