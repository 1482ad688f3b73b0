// @ts-ignore
import { isStream } from 'promised'
// @ts-ignore
import QueryStream from 'querystream'
export const handler = async () => ({ stream: isStream(new QueryStream()) })
