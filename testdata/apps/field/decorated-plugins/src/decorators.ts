export const Traced = () => (target: object, key: string, d: PropertyDescriptor) => d
export const Arg = (name: string) => (target: object, key: string, index: number) => { Reflect.defineMetadata(`arg:${index}`, name, target, key) }
export const Plugin = (name: string) => (target: Function) => { Reflect.defineMetadata('plugin', name, target) }
