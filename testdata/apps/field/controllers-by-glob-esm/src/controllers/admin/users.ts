import { controller } from 'routing'
import { stock } from '../../stock.js'
controller('/users', () => ++stock.count)
export default class Users {}
