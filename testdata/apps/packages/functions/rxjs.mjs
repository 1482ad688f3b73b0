import { firstValueFrom, from, interval, mergeMap, scan, take, throwError, toArray, zip } from 'rxjs'
import { catchError, concatMap, delay, map, retry } from 'rxjs/operators'

export const handler = async ({ values }) => {
  let tries = 0
  return {
    running: await firstValueFrom(from(values).pipe(concatMap((v) => from([v]).pipe(delay(1))), scan((a, b) => a + b), toArray())),
    zipped: await firstValueFrom(zip(interval(1), from(values)).pipe(take(2), map(([i, v]) => i * v), toArray())),
    retried: await firstValueFrom(from([1]).pipe(mergeMap(() => ++tries < 3 ? throwError(() => new Error('again')) : from([tries])), retry(5), catchError(() => from(['failed']))))
  }
}
