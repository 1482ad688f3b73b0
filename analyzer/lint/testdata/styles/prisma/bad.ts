// Handler: handler
import { PrismaClient } from '@prisma/client';

class OrderRepository {
  private prisma: PrismaClient;
  constructor() {
    this.prisma = new PrismaClient(); // advice: client-in-handler
  }
  find(id: string) { return this.prisma.order.findUnique({ where: { id } }); }
}
export const handler = async (event: { id: string }) => {
  const repository = new OrderRepository();
  const order = await repository.find(event.id);
  return { statusCode: order ? 200 : 404, body: JSON.stringify(order) };
};
