// @ts-ignore
import parser from 'parser'
export const handler = async () => parser
