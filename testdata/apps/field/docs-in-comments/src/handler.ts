import docs from 'api-docs'
import { list } from './routes/orders'
const spec = docs({ definition: { openapi: '3.0.0' }, apis: ['./src/routes/*.ts', './src/legacy/*.js'] })
export const handler = async () => ({ paths: spec.paths, orders: list() })
