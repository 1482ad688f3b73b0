// Handler: handler
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import express from 'express';
import { createServer, proxy } from 'aws-serverless-express';
import { Server } from 'http';
class AppModule {}
let cachedServer: Server;
async function bootstrapServer(): Promise<Server> {
  if (!cachedServer) {
    const expressApp = express();
    const nestApp = await NestFactory.create(AppModule, new ExpressAdapter(expressApp));
    nestApp.use((req: any, res: any, next: any) => next());
    await nestApp.init();
    cachedServer = createServer(expressApp, undefined, []);
  }
  return cachedServer;
}
export const handler = async (event: any, context: any) => {
  cachedServer = await bootstrapServer();
  return proxy(cachedServer, event, context, 'PROMISE').promise;
};
