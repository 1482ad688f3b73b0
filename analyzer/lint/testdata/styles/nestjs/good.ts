// Handler: handler
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Controller, Get, Injectable, Module, Param, OnModuleDestroy } from '@nestjs/common';
import serverlessExpress from '@codegenie/serverless-express';
import type { Handler } from 'aws-lambda';
import { Pool } from 'pg';

@Injectable()
class Orders implements OnModuleDestroy {
  private readonly pool = new Pool();
  find(id: string) { return this.pool.query('select * from orders where id = $1', [id]); }
  async onModuleDestroy() { await this.pool.end(); }
}
@Controller('orders')
class OrdersController {
  constructor(private readonly orders: Orders) {}
  @Get(':id') get(@Param('id') id: string) { return this.orders.find(id); }
}
@Module({ controllers: [OrdersController], providers: [Orders] })
class AppModule {}

let cached: Handler;
async function bootstrap(): Promise<Handler> {
  const app = await NestFactory.create(AppModule, { logger: ['error'] });
  await app.init();
  return serverlessExpress({ app: app.getHttpAdapter().getInstance() });
}
export const handler: Handler = async (event, context, callback) => {
  cached = cached ?? (await bootstrap());
  return cached(event, context, callback);
};
