// Handler: handler
import { getDb } from './clients';
import { logger } from './logger';
export const handler = async (event: { id: string }) => {
  logger.info('get', event);
  const rows = await getDb().query('select * from t where id = $1', [event.id]);
  return rows.rows[0];
};
