import { inChild, inProcess, inThread } from './lib/jobs'
export const handler = async (event: { text: string }) => [await inThread(event.text), await inChild(event.text), inProcess(event.text)]
