// Handler: handler
import { initTRPC } from '@trpc/server';
import { awsLambdaRequestHandler } from '@trpc/server/adapters/aws-lambda';
import { z } from 'zod';
import { PrismaClient } from '@prisma/client';
import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';

const createContext = async () => ({
  prisma: new PrismaClient(), // advice: client-in-handler
});
const t = initTRPC.context<any>().create();
const appRouter = t.router({
  file: t.procedure.input(z.string()).query(async ({ input }) => {
    const s3 = new S3Client({}); // advice: client-in-handler
    const object = await s3.send(new GetObjectCommand({ Bucket: 'files', Key: input }));
    return object.Body?.transformToString();
  }),
});
export const handler = awsLambdaRequestHandler({ router: appRouter, createContext });
