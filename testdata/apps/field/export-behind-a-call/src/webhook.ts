import { store } from './admin'
const db = store()
export default async () => ({ ready: db.ready })
