import { lines } from './lines'
export default (o: { prefix: string }) => (text: string): void => { lines.push(o.prefix + text) }
