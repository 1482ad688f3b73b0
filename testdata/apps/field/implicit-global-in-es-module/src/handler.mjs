import generate from 'generate'
export const handler = async () => generate()
