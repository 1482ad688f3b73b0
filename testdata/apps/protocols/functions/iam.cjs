const { IAMClient, ListRolesCommand } = require('@aws-sdk/client-iam')
const { options, ask } = require('../ask.cjs')

const client = new IAMClient(options('iam'))
exports.handler = () => ask(client, () => new ListRolesCommand({ PathPrefix: '/p/', MaxItems: 3 }))
