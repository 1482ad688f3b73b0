// yargs reads its translations from a folder of its own, by the locale.
import yargs from 'yargs'

export const handler = async ({ argv, wrong, locale }) => {
  const parser = () => yargs().locale(locale).scriptName('app').exitProcess(false).env(false).option('port', { alias: 'p', type: 'number', demandOption: true }).command('serve <dir>', 'serve it', (y) => y.positional('dir', { type: 'string' })).strict()
  const parsed = await parser().parseAsync(argv)
  const failure = await new Promise((resolve) => parser().parse(wrong, (error, _, output) => resolve({ message: error?.message, help: output.split('\n').at(0) })))
  return { port: parsed.port, dir: parsed.dir, failure }
}
