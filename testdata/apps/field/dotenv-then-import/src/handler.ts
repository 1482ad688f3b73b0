declare const require: (name: string) => any
require('dotty').config()
import service from './service'
export const handler = async () => ({ key: service.key })
