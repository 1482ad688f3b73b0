import { injectable, make } from './inject'
@injectable
export class Zone { shift = 1 }
@injectable
export class Clock { constructor (private readonly zone: Zone) {} year (n: number) { return n + this.zone.shift } }
export const made = make
