// @ts-ignore
import { Injectable } from 'reflector'
@Injectable()
export class Text { readonly text: string = 'hi' }
@Injectable()
export class OtherService {
  constructor (readonly text: Text) {}
  testMethod () { return `${this.text.text} from the service` }
}
