// @ts-ignore
import { sum, count } from 'once'
export const handler = async () => { count(); count(); return { calls: count(), sum: sum(3) } }
