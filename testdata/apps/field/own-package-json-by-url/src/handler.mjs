import { parse } from 'pdf-like'
export const handler = async () => parse()
