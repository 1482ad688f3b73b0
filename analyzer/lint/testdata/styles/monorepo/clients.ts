import { Pool } from 'pg';
import { S3Client } from '@aws-sdk/client-s3';
let pool: Pool;
export function getDb(): Pool {
  if (pool) return pool;
  pool = new Pool({ max: 1 });
  return pool;
}
const lazy = <T>(make: () => T) => {
  let value: T | undefined;
  return () => (value ??= make());
};
export const getS3 = lazy(() => new S3Client({}));
