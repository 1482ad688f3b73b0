// Handler: handler
import { initTRPC } from '@trpc/server';
import { awsLambdaRequestHandler } from '@trpc/server/adapters/aws-lambda';
import { z } from 'zod';
import { PrismaClient } from '@prisma/client';

const prisma = new PrismaClient();
const createContext = ({ event }: any) => ({ user: event.requestContext?.authorizer?.principalId, prisma });
const t = initTRPC.context<typeof createContext>().create();
const appRouter = t.router({
  order: t.procedure.input(z.string()).query(({ ctx, input }) => ctx.prisma.order.findUnique({ where: { id: input } })),
});
export type AppRouter = typeof appRouter;
export const handler = awsLambdaRequestHandler({ router: appRouter, createContext });
