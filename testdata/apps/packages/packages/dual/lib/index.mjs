import { name } from 'local-dual/features/name'

export const build = 'esm'
export const feature = name
export default class Counter { count = 0 }
