import { NIL, parse, stringify, v3, v5, v7, validate, version } from 'uuid'

export const handler = async ({ name, at }) => {
  const time = v7({ msecs: at, seq: 1, random: Buffer.alloc(16, 7) })
  return { v5: v5(name, v5.URL), v3: v3(name, v3.DNS), time, version: version(time), back: stringify(parse(time)) === time, valid: [validate(NIL), validate('nil')] }
}
