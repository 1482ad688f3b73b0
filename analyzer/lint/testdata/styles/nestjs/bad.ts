// Handler: handler
import { NestFactory } from '@nestjs/core';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import serverlessExpress from '@codegenie/serverless-express';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';

@Injectable()
class Reports {
  async all() {
    const client = new DynamoDBClient({}); // advice: client-in-handler
    return client.send(new ScanCommand({ TableName: 'reports' }));
  }
}
@Controller('reports')
class ReportsController {
  constructor(private readonly reports: Reports) {}
  @Get() get() { return this.reports.all(); }
}
@Module({ controllers: [ReportsController], providers: [Reports] })
class AppModule {}

export const handler = async (event: any, context: any, callback: any) => {
  const app = await NestFactory.create(AppModule); // advice: client-in-handler
  await app.init();
  const server = serverlessExpress({ app: app.getHttpAdapter().getInstance() });
  return server(event, context, callback);
};
