import { readPackageUp } from 'read-pkg-like'
const found = readPackageUp({ cwd: __dirname })
export const handler = async () => ({ name: found.name })
