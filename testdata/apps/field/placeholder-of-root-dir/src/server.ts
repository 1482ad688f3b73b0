import path from 'path'
import { ServerSettings } from 'tsed-like'
const rootDir = path.resolve(__dirname)
@ServerSettings({
  rootDir,
  mount: { '/v1': '${rootDir}/controllers/**/*.ts' },
  componentsScan: ['${rootDir}/services/**/*{.ts,.js}'],
  exclude: ['**/*.test.*']
})
export class Server {}
