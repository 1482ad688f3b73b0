import { Clock, made } from '@app/clock'
import { injectable } from '../../../libs/clock/src/inject'
@injectable
class Report { constructor (readonly clock: Clock) {} }
export const handler = async (event: { year: number }) => ({ year: made(Report).clock.year(event.year) })
