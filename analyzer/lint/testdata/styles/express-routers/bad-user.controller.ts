import { PrismaClient } from '@prisma/client';
import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
export class UserController {
  list = async (_req: any, res: any) => {
    const prisma = new PrismaClient(); // advice: client-in-handler
    res.json(await prisma.user.findMany());
  };
  async create(req: any, res: any) {
    const ses = new SESClient({}); // advice: client-in-handler
    await ses.send(new SendEmailCommand({ Destination: { ToAddresses: [req.body.email] }, Source: 'a@example.com', Message: {} as any }));
    res.status(201).end();
  }
}
