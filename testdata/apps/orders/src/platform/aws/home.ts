/** Where the tables and queues live, whichever region the function itself runs in. */
export const homeRegion = process.env.HOME_REGION ?? 'eu-central-1'

export const ordersTable = process.env.ORDERS_TABLE ?? 'orders-dev'
