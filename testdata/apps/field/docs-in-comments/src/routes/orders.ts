/**
 * @openapi
 * /orders: lists the orders
 */
export const list = (): string[] => ['a']
