import { Plugin } from '../decorators'
import type { Plug } from '../plug'
@Plugin('double')
export default class Double implements Plug { apply (n: number) { return 2 * n } }
