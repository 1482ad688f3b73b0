import { store } from './admin'
export const other = store().ready
