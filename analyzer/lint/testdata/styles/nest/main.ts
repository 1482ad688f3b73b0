// NestJS behind serverless-express. Handler: handler
import { NestFactory } from '@nestjs/core'
import serverlessExpress from '@codegenie/serverless-express'
import { AppModule } from './app.module'

let server: any

async function bootstrap() {
  const app = await NestFactory.create(AppModule)
  await app.init()
  return serverlessExpress({ app: app.getHttpAdapter().getInstance() })
}

export const handler = async (event: unknown, context: unknown, callback: unknown) => {
  server = server ?? (await bootstrap())
  return server(event, context, callback)
}

export const slow = async (event: unknown, context: unknown, callback: unknown) => (await bootstrap())(event, context, callback)
