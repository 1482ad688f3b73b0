import { register } from 'tsed-like'
register('prices')
export const prices = (): number => 10
