import { table } from '../tables'
export const up = async (): Promise<string> => table('users')
