import { Firestore, Timestamp } from 'firebase-admin/firestore'

const db = new Firestore({ projectId: 'placeholder' })
export const handler = async () => [db.doc('a/b').path, Timestamp.fromMillis(5000).seconds]
