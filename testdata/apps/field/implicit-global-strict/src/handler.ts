// @ts-ignore
import zipper from 'zipper'
export const handler = async () => { const z = zipper(); z.add('a', 'ab'); z.add('b', 'abcd'); return { bytes: z.size() } }
