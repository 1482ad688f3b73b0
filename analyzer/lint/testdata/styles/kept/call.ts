// Handler: handler
import { NestFactory } from '@nestjs/core';
import serverlessExpress from '@codegenie/serverless-express';
import { Pool } from 'pg';
class AppModule {}
async function createNestApp() {
  const app = await NestFactory.create(AppModule);
  await app.init();
  return app;
}
class Repo { pool = new Pool(); async init() {} }
let server: any;
let repo: Repo | undefined;
export const handler = async (event: any, context: any, cb: any) => {
  if (!server) {
    const app = await createNestApp();
    server = serverlessExpress({ app: app.getHttpAdapter().getInstance() });
  }
  if (repo === undefined) {
    const r = new Repo();
    await r.init();
    repo = r;
  }
  return server(event, context, cb);
};
