import { Effect, Option, pipe } from 'effect'

export const handler = async () => Effect.runPromise(pipe(Option.some(20), Effect.map((n) => n + 1)))
