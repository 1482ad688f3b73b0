import { NestFactory } from '@nestjs/core';
import { configure } from '@codegenie/serverless-express';
import { Injectable, Module, Controller, Get } from '@nestjs/common';
import { DataSource } from 'typeorm';
@Injectable()
export class Database {
  private source = new DataSource({ type: 'postgres' });
  async onModuleInit() { await this.source.initialize(); }
  users() { return this.source.query('select * from users'); }
}
@Controller('users')
export class UsersController {
  constructor(private readonly database: Database) {}
  @Get() list() { return this.database.users(); }
}
@Module({ providers: [Database], controllers: [UsersController] })
export class AppModule {}
export async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.enableCors();
  await app.init();
  return configure({ app: app.getHttpAdapter().getInstance() });
}
