const env = process.env.NODE_ENV
export const handler = async () => ({ env })
