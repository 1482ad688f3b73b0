import ms from 'ms'

// greet is the workspace's own package, in TypeScript and with a version of ms
// that is not the service's.
export const greet = (name: string) => `hello, ${name}, after ${ms(90_000)}`
