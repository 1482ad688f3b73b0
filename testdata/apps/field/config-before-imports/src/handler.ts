export const config: { pool: number } = JSON.parse('{"pool": 5}')
import { size } from './pool'
export const handler = async () => ({ pool: size })
