import path from 'path'
import db from 'migrator'
const migrations = db({ migrations: { directory: path.resolve(__dirname, 'migrations'), loadExtensions: ['.js', '.ts'] } })
export const handler = async () => ({ done: await migrations.latest() })
