// What compiles and what must not, against the hook's declarations.
import { App, Duration, Stack } from 'aws-cdk-lib'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import { FeatherpackBundle, FeatherpackCode, FeatherpackError, type FeatherpackBundleProps } from './featherpack-cdk.cjs'

const stack = new Stack(new App(), 'Types')
const props: FeatherpackBundleProps = {
  entries: {
    a: 'src/a.ts',
    b: { entry: 'cmd/b', architecture: lambda.Architecture.ARM_64, timeout: Duration.seconds(3), build: { tags: ['x'] } },
  },
  runtime: 'nodejs22.x',
  compress: 'best',
  boot: true,
}
const bundle = new FeatherpackBundle(stack, props)
const other: FeatherpackBundle = new FeatherpackBundle(stack, 'Other', props)
const made: lambda.Function = bundle.function(stack, 'a', { memorySize: 256, environment: { A: 'b' } })
made.addEnvironment('C', 'd')
bundle.function(stack, 'again', { entry: other.names[0] })
const code: lambda.Code = other.code('b')
const { handler, runtime, architecture } = FeatherpackCode.fromEntry('src/a.ts', { handler: 'main', projectRoot: '.' })
new lambda.Function(stack, 'c', { code, handler, runtime, architecture })
FeatherpackBundle.clearCache()
const failed: Error = new FeatherpackError('x')
console.log(failed.message)

// @ts-expect-error entries are what a bundle is made of
new FeatherpackBundle(stack, {})
// @ts-expect-error there is no such option
new FeatherpackBundle(stack, { entries: { a: { entry: 'src/a.ts', memory: 512 } } })
// @ts-expect-error the handler follows from the entry
bundle.function(stack, 'd', { handler: 'index.handler' })
// @ts-expect-error code is made by fromEntry and bundle.code
new FeatherpackCode('src/a.ts')
// @ts-expect-error one of fast, default and best
FeatherpackCode.fromEntry('src/a.ts', { compress: 'most' })
