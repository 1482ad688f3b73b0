import setup from './setup'
setup.run()
import './connection'
import { steps } from './setup'
steps.push('handler')
export const handler = async () => ({ steps })
