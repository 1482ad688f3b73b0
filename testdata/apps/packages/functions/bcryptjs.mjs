import bcrypt from 'bcryptjs'

export const handler = async ({ password, salt }) => {
  const hash = bcrypt.hashSync(password, salt)
  return { hash, right: await bcrypt.compare(password, hash), wrong: await bcrypt.compare('', hash) }
}
