// Handler: handler
import { Agent } from 'node:https';
import axios from 'axios';
import nodeFetch from 'node-fetch';
import { KMS } from '@aws-sdk/client-kms';
const getKms = () => new KMS({ region: process.env.AWS_REGION }); // advice: client-in-handler
export const handler = async (event: { blob: string }) => {
  const agent = new Agent({ rejectUnauthorized: true }); // advice: client-in-handler
  await nodeFetch('https://a.example.com', { agent });
  await axios.get('https://b.example.com', { headers: { Connection: 'close' } }); // advice: keep-alive-off
  const { Plaintext } = await getKms().decrypt({ CiphertextBlob: Buffer.from(event.blob, 'base64') });
  return Buffer.from(Plaintext!).toString();
};
