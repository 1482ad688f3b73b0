import { build, check, discover, FeatherpackError, type Report } from 'featherpack'

const report: Report = await build({ dir: 'services/orders', only: ['orders', 'report-*'], params: { domain: 'example.org' } })
for (const f of report.functions) {
  const bytes: number | undefined = f.artifact?.zipBytes
  const status: 'built' | 'failed' = f.status
  console.log(f.id, bytes, status, report.inputs[f.entryInput]?.imports?.map((i) => i.to))
}

const { passed, report: compared } = await check({ compareRef: 'main', output: { markdown: 'pr.md' } })
console.log(passed, compared.delta?.causes?.[0]?.chain?.[0]?.path, compared.verdicts?.filter((v) => v.outcome === 'fail'))

const project = await discover({ stage: 'prod' })
console.log(project.functions.map((f) => f.entry), project.skipped?.[0]?.reason)

try {
  await build()
} catch (error) {
  if (error instanceof FeatherpackError) console.log(error.code, error.message)
}

// @ts-expect-error: there is no such option
await build({ onyl: 'orders' })
// @ts-expect-error: a schema of version 1 is read as nothing else
const schema: 2 = report.schema
// @ts-expect-error: not every function was built
const zip: number = report.functions[0].artifact.zipBytes
console.log(schema, zip)
