import pg from 'pg'

let shared: pg.Pool | undefined

/** One connection for each container: a function serves one request at a time. */
export function pool(): pg.Pool {
  shared ??= new pg.Pool({
    connectionString: process.env.DATABASE_URL,
    max: 1,
    idleTimeoutMillis: 0,
    ssl: { rejectUnauthorized: true },
  })
  return shared
}
