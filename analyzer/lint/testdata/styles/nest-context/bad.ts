// Handler: handler
import { NestFactory } from '@nestjs/core';
import { AppModule } from './bad-module';
import { UsersService } from './bad-users.service';
export const handler = async (event: any) => {
  const app = await NestFactory.createApplicationContext(AppModule); // advice: client-in-handler
  const users = app.get(UsersService);
  return users.find(event.id);
};
