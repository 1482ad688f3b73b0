import { steps } from './setup'
steps.push(steps.includes('setup') ? 'connection' : 'too early')
