// Handler: handler
import { kms, Db } from './fresh';
import { DecryptCommand } from '@aws-sdk/client-kms';
export const handler = async (event: { blob: string }) => {
  const { Plaintext } = await kms().send(new DecryptCommand({ CiphertextBlob: Buffer.from(event.blob, 'base64') }));
  const db = await Db.create();
  return db.query(`select '${Buffer.from(Plaintext!).toString()}'`);
};
