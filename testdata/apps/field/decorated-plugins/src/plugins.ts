import { Arg, Traced } from './decorators'
import type { Plug } from './plug'
export class Plugins {
  @Traced()
  async run (@Arg('name') name: string, @Arg('n') n: number) {
    const { default: Class } = await import(/* webpackChunkName: "it's a plugin" */ `./plugins/${name as string}.plugin`) as { default: new () => Plug }
    const again = require('./plugins/' + name + '.plugin' satisfies string)
    const types = (Reflect.getMetadata('design:paramtypes', Plugins.prototype, 'run') as Function[]).map(t => t.name)
    return { same: again.default === Class, n: new Class().apply(n), name: Reflect.getMetadata('plugin', Class), arg: Reflect.getMetadata('arg:1', Plugins.prototype, 'run'), types }
  }
}
