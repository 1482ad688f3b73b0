// @ts-ignore
import { Injectable, resolve } from 'reflector'
import { OtherService } from './services'
@Injectable()
class GlobalComponent {
  constructor (private readonly other: OtherService) {}
  launch () { return this.other.testMethod() }
}
export const handler = async () => ({ says: resolve(GlobalComponent).launch() })
