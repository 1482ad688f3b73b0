import { initializeApp } from 'firebase-admin/app'
import { getAuth } from 'firebase-admin/auth'

initializeApp({ projectId: 'placeholder' })
export const handler = async () => getAuth().verifyIdToken('not a token').catch((e) => e.code)
