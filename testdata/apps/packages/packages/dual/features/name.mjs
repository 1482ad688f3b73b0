export const name = 'feature for import'
