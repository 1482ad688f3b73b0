import { config } from './handler'
export const size = config.pool
