import 'reflect-metadata'
import { Plugins } from './plugins'
export const handler = async (event: { name: string, n: number }) => new Plugins().run(event.name, event.n)
