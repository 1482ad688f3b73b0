// @ts-ignore
import view from 'view'
export const handler = async () => ({ view, own: process.env.NODE_ENV ?? 'none' })
