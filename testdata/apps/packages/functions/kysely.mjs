import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely'

const db = new Kysely({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler()
  }
})

export const handler = async ({ name, limit }) => {
  const query = db.with('named', (q) => q.selectFrom('person').selectAll().where('first_name', '=', name))
    .selectFrom('named').innerJoin('pet', 'pet.owner_id', 'named.id')
    .select(['named.id', sql`upper(${sql.ref('pet.name')})`.as('pet')]).limit(limit)
  const { sql: text, parameters } = query.compile()
  return { text, parameters, rows: await query.execute() }
}
