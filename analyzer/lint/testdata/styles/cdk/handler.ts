// The handler of a CDK NodejsFunction, with AppConfig. Handler: handler
import { AppConfigDataClient, StartConfigurationSessionCommand, GetLatestConfigurationCommand } from '@aws-sdk/client-appconfigdata'
import { createClient } from 'redis'
import { createPool } from 'mysql2'
import mongoose from 'mongoose'
import knex from 'knex'
import { Sequelize } from 'sequelize'

const appConfig = new AppConfigDataClient({})
let connected: Promise<typeof mongoose> | null = null
const timer = setTimeout(() => {}, 60000)
setInterval(() => {}, 1000).unref()
clearTimeout(timer)

export const handler = async () => {
  const session = await appConfig.send(new StartConfigurationSessionCommand({ // advice: fetched-per-invocation
    ApplicationIdentifier: 'a', EnvironmentIdentifier: 'e', ConfigurationProfileIdentifier: 'p',
  }))
  const latest = await appConfig.send(new GetLatestConfigurationCommand({ ConfigurationToken: session.InitialConfigurationToken })) // advice: fetched-per-invocation
  const redis = await createClient({ url: process.env.REDIS_URL }).connect() // advice: client-in-handler
  const pool = createPool({ uri: process.env.DATABASE_URL }) // advice: client-in-handler
  const sql = knex({ client: 'pg', connection: process.env.DATABASE_URL }) // advice: client-in-handler
  const orm = new Sequelize(process.env.DATABASE_URL!) // advice: client-in-handler
  connected = connected ?? mongoose.connect(process.env.MONGO_URL!)
  await connected
  await orm.authenticate()
  pool.query('select 1', () => {})
  return { latest: latest.VersionLabel, keys: await redis.keys('*'), rows: await sql.raw(knex({ client: 'pg' }).select(1).toString()) }
}
