import './environment.mjs'
export const handler = async () => ({ fonts: process.env.FONTS, list: process.env.LIST, gone: !('LIST_OF_OTHERS' in process.env) })
