// @ts-check
// A shop of twelve Node and two Go functions in two stacks, built in one call.
const { App, Duration, Stack } = require('aws-cdk-lib')
const lambda = require('aws-cdk-lib/aws-lambda')
const { FeatherpackBundle, FeatherpackCode } = require('./featherpack-cdk.cjs')

const app = new App()
const shop = new Stack(app, 'Shop')
const back = new Stack(app, 'Back')

const bundle = new FeatherpackBundle(shop, {
  runtime: lambda.Runtime.NODEJS_24_X,
  environment: { SHOP: 'corner' },
  entries: {
    orders: 'src/orders.ts',
    catalogue: 'src/catalogue.ts',
    search: { entry: 'src/search.ts', memorySize: 512, timeout: Duration.seconds(7) },
    payments: { entry: 'src/payments.js', runtime: 'nodejs22.x' },
    parcels: 'src/parcels.mjs',
    stock: 'src/stock.mts',
    invoice: 'src/invoice/index.ts',
    receipt: { entry: 'src/receipt.ts', architecture: lambda.Architecture.ARM_64, build: { minify: false } },
    labels: { entry: 'src/labels.tsx', handler: 'main' },
    ingest: { entry: 'cmd/ingest', architecture: 'arm64' },
    sweep: 'cmd/sweep',
  },
})

// Declared one by one, before the first is used: these join the bundle's call.
const refunds = FeatherpackCode.fromEntry('src/refunds.cjs')
const audit = FeatherpackCode.fromEntry('src/audit.ts', { runtime: lambda.Runtime.NODEJS_24_X })
const mail = FeatherpackCode.fromEntry('src/mail.ts', { architecture: 'arm64' })

for (const name of bundle.names.filter((name) => name !== 'stock' && name !== 'sweep')) {
  bundle.function(shop, name, { environment: { TABLE: shop.stackName } })
}
// The plain construct with the bundle's code, and a bundle used in a second stack.
for (const [id, code] of Object.entries({ stock: bundle.code('stock'), refunds, audit, mail })) {
  const { handler, runtime, architecture } = code
  new lambda.Function(back, id, { code, handler, runtime, architecture })
}
bundle.function(back, 'sweep')
bundle.function(back, 'ordersAgain', { entry: 'orders', memorySize: 1024 })

app.synth()
