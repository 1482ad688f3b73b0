// Handler: handler
import { PrismaClient } from '@prisma/client';

declare global { var prisma: PrismaClient | undefined }
const prisma = globalThis.prisma ?? new PrismaClient({ log: ['warn'] });
if (process.env.NODE_ENV !== 'production') globalThis.prisma = prisma;

function forTenant(tenant: string) {
  return new PrismaClient({ datasources: { db: { url: `${process.env.DATABASE_URL}?schema=${tenant}` } } });
}
const tenants = new Map<string, PrismaClient>();
function clientFor(tenant: string) {
  let client = tenants.get(tenant);
  if (!client) tenants.set(tenant, (client = forTenant(tenant)));
  return client;
}
export const handler = async (event: { tenant?: string; id: string }) => {
  const db = event.tenant ? clientFor(event.tenant) : prisma;
  const [order, lines] = await db.$transaction([db.order.findUnique({ where: { id: event.id } }), db.line.findMany()]);
  return { order, lines };
};
