// Handler: handler
import express from 'express';
import serverlessExpress from '@codegenie/serverless-express';
import usersRouter from './bad-users';
import * as orders from './bad-orders';
const app = express();
app.use('/users', usersRouter);
app.get('/orders', orders.list);
export const handler = serverlessExpress({ app });
