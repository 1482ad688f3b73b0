import { Pool } from 'pg'

let pool: Pool | undefined

// Made on first use and kept: no advice.
export function database() {
  if (!pool) pool = new Pool({ max: 1 })
  return pool
}
