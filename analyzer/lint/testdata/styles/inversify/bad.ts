// Handler: handler
import 'reflect-metadata';
import { Container, injectable } from 'inversify';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';

@injectable()
class Mailer {
  private ses = new SESv2Client({}); // advice: client-in-handler
  async send(to: string) { await this.ses.send(new SendEmailCommand({ Destination: { ToAddresses: [to] }, Content: {} as any })); }
}
export const handler = async (event: { to: string }) => {
  const container = new Container();
  container.bind('Mailer').to(Mailer);
  await container.get<Mailer>('Mailer').send(event.to);
};
