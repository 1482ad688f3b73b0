// Handler: handler
import 'reflect-metadata';
import { Container, injectable, inject } from 'inversify';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';

const TYPES = { Ses: Symbol.for('Ses'), Mailer: Symbol.for('Mailer') };
@injectable()
class Mailer {
  constructor(@inject(TYPES.Ses) private ses: SESv2Client) {}
  async send(to: string) { await this.ses.send(new SendEmailCommand({ Destination: { ToAddresses: [to] }, Content: {} as any })); }
}
const container = new Container();
container.bind(TYPES.Ses).toDynamicValue(() => new SESv2Client({})).inSingletonScope();
container.bind(TYPES.Mailer).to(Mailer).inSingletonScope();
export const handler = async (event: { to: string }) => {
  await container.get<Mailer>(TYPES.Mailer).send(event.to);
};
