type Class<T = unknown> = new (...args: never[]) => T
const types = new Map<Function, Class[]>()
// what TypeScript's decorators call to record types
Object.assign(Reflect, { metadata: (key: string, value: Class[]) => (target: Function) => { if (key === 'design:paramtypes') types.set(target, value) } })
export function injectable (target: Function, ...rest: unknown[]): void { if (rest.length) throw new Error('called as a decorator of the standard') }
export const make = <T>(c: Class<T>): T => new c(...(types.get(c) ?? []).map(make) as never[])
