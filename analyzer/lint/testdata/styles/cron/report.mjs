// A nightly report, as an ES module with top-level await. Handler: run
import { SecretsManagerClient, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { execSync } from 'node:child_process'
import { pbkdf2Sync } from 'node:crypto'
import { createTransport } from 'nodemailer'
import { MongoClient } from 'mongodb'

const secrets = new SecretsManagerClient({})
// Fetched once, kept for ever: the source rotates it.
const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: 'mail' })) // advice: cached-for-ever
const key = pbkdf2Sync(SecretString, 'salt', 100000, 32, 'sha512') // advice: work-at-load
const release = execSync('cat /etc/os-release').toString() // advice: work-at-load
const mail = createTransport(SecretString)
const mongo = new MongoClient(process.env.MONGO_URL)

export const run = async () => {
  const rows = await mongo.db().collection('orders').find().toArray()
  const sender = createTransport(SecretString) // advice: client-in-handler
  await sender.sendMail({ to: 'a@example.com', text: String(rows.length) + release + key })
  await mail.sendMail({ to: 'b@example.com', text: '' })
  process.exit(0) // advice: exit-in-handler
}
