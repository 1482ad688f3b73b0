import { register } from 'tsed-like'
import { prices } from '../services/prices'
register('orders ' + prices())
