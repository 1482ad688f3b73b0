import { controller } from 'routing'
import { stock } from '../stock.js'
controller('/orders', () => stock.count)
export class Orders {}
