export { Customer } from './customer'
export { LoyaltyAccount } from './loyalty-account'
export { PointBooking } from './point-booking'
