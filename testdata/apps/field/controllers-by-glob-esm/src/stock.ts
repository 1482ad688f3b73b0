export const stock = { count: 7 }
