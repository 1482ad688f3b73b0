// Prints the customers of the old shop as JSON lines, for the loader. Run once, from a developer's machine:
//   OLD_SHOP=mysql://... node tools/import-customers.mjs > customers.jsonl
import { createConnection } from 'mysql2/promise'

const connection = await createConnection(process.env.OLD_SHOP)
const [rows] = await connection.query('select id, full_name as name, email, created from customers order by id')
for (const { id, ...customer } of rows) console.log(JSON.stringify({ id: `c-${id}`, ...customer }))
await connection.end()
