import { upper } from '../../lib'
export const run = (): string => upper('ann')
