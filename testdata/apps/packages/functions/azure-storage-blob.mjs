import { BlobSASPermissions, BlobServiceClient, StorageSharedKeyCredential, generateBlobSASQueryParameters } from '@azure/storage-blob'

export const handler = async ({ account, container, blob, from, to }) => {
  const credential = new StorageSharedKeyCredential(account, Buffer.from('not a real key').toString('base64'))
  const sas = generateBlobSASQueryParameters({ containerName: container, blobName: blob, permissions: BlobSASPermissions.parse('rw'), startsOn: new Date(from), expiresOn: new Date(to), version: '2024-08-04' }, credential)
  const client = new BlobServiceClient(`https://${account}.example.net`, credential).getContainerClient(container).getBlockBlobClient(blob)
  return { sas: sas.toString(), url: client.url, name: client.name, container: client.containerName }
}
