// A class with a method as its handler, as Powertools shows it. Handler: handler
import { Tracer } from '@aws-lambda-powertools/tracer'
import type { LambdaInterface } from '@aws-lambda-powertools/commons/types'
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn'
import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3'
import { SecretsManager } from '@aws-sdk/client-secrets-manager'

const tracer = new Tracer({ serviceName: 'orders' })
const secrets = new SecretsManager({})

class Orders implements LambdaInterface {
  private readonly s3 = tracer.captureAWSv3Client(new S3Client({}))

  @tracer.captureLambdaHandler()
  public async handler(event: { id: string }, _context: unknown) {
    await this.s3.send(new GetObjectCommand({ Bucket: 'orders', Key: event.id }))
    const password = await secrets.getSecretValue({ SecretId: 'database' }) // advice: fetched-per-invocation
    return { started: await this.start(event.id), password: password.Name }
  }

  private async start(input: string) {
    const steps = new SFNClient({}) // advice: client-in-handler
    return steps.send(new StartExecutionCommand({ stateMachineArn: 'arn', input }))
  }
}

const orders = new Orders()
export const handler = orders.handler.bind(orders)
