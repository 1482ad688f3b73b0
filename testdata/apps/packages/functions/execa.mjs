import { execa, execaSync } from 'execa'

export const handler = async ({ text }) => {
  const { stdout } = await execa({ input: text })`${process.execPath} -e ${'process.stdin.pipe(process.stdout)'}`
  const failed = execaSync(process.execPath, ['-e', 'console.error("bad"); process.exit(3)'], { reject: false })
  return { stdout, exitCode: failed.exitCode, stderr: failed.stderr }
}
