// bson's ESM build decodes with a top-level await for its source of randomness.
import { EJSON, Long, ObjectId, UUID, calculateObjectSize, deserialize, serialize } from 'bson'

export const handler = async ({ id, uuid, count }) => {
  const bytes = serialize({ id: new ObjectId(id), uuid: new UUID(uuid), count: Long.fromString(count), re: /a+/i, buffer: Buffer.from('bytes') })
  const back = deserialize(bytes, { promoteLongs: false })
  return { size: calculateObjectSize(back), hex: Buffer.from(bytes).toString('hex', 0, 32), extended: JSON.parse(EJSON.stringify(back, { relaxed: false })), date: back.id.getTimestamp() }
}
