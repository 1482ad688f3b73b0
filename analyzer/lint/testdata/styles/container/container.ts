import { Pool } from 'pg';
import { SQSClient } from '@aws-sdk/client-sqs';
const singleton = <T>(make: () => T) => {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};
class Orders {
  constructor(private readonly pool: Pool, readonly sqs: SQSClient) {}
  async find(id: string) { return (await this.pool.query('select * from orders where id = $1', [id])).rows[0]; }
}
export const container = {
  pool: singleton(() => new Pool()),
  sqs: singleton(() => new SQSClient({})),
  orders: singleton(() => new Orders(container.pool(), container.sqs())),
};
