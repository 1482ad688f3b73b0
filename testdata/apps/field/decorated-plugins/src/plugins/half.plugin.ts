import { Plugin } from '../decorators'
@Plugin('half')
export default class Half { apply (n: number) { return n / 2 } }
