declare const process: any
export default { key: process.env.API_KEY }
