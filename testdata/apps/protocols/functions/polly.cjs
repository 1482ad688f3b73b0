const { PollyClient, DescribeVoicesCommand } = require('@aws-sdk/client-polly')
const { options, ask } = require('../ask.cjs')

const client = new PollyClient(options('polly'))
exports.handler = () => ask(client, () => new DescribeVoicesCommand({ LanguageCode: 'en-GB', IncludeAdditionalLanguageCodes: true }))
