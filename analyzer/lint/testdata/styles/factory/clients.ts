import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda'
import { KMSClient } from '@aws-sdk/client-kms'

let kept: KMSClient | undefined
export const clients = () => (kept ??= new KMSClient({}))
export const freshClients = () => new KMSClient({})

export class OrdersApi {
  private client = new LambdaClient({}) // advice: client-in-handler
  find(id: string) { return this.client.send(new InvokeCommand({ FunctionName: id })) }
}
