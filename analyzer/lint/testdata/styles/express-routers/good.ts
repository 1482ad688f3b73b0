// Handler: handler
import express from 'express';
import serverlessExpress from '@codegenie/serverless-express';
import { usersRouter } from './users';
const app = express();
app.set('trust proxy', true);
app.use('/users', usersRouter);
const server = serverlessExpress({ app });
export const handler = (event: any, context: any, callback: any) => {
  context.callbackWaitsForEmptyEventLoop = false;
  return server(event, context, callback);
};
