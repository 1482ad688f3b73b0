// Handler: handler
import { S3Client } from '@aws-sdk/client-s3';
import memoize from 'lodash/memoize';
const regional = memoize((region: string) => new S3Client({ region }));
const one = memoize(() => new S3Client({}));
const cache: Record<string, S3Client> = {};
const of = (region: string) => cache[region] ??= new S3Client({ region });
export const handler = async (event: any) => { one(); regional('eu-west-1'); of('us-east-1'); const m = event.items.map(String); return m; };
