// NestJS whose application is made in every invocation. Handler: handler
import { NestFactory } from '@nestjs/core'
import { DataSource } from 'typeorm'
import { AppModule } from '../nest/app.module'

export const handler = async (event: { url: string }) => {
  const app = await NestFactory.createApplicationContext(AppModule) // advice: client-in-handler
  const source = new DataSource({ type: 'postgres' }) // advice: client-in-handler
  await source.initialize()
  return app.get(event.url)
}
