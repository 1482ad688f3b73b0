import { limit } from '@acme/models/limit'
export default (all: Record<string, unknown>) => { all.Pet = { limit } }
