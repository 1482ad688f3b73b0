const { SecretsManagerClient, GetSecretValueCommand } = require('@aws-sdk/client-secrets-manager')
const { options, ask } = require('../ask.cjs')

const client = new SecretsManagerClient(options('secrets-manager'))
exports.handler = () => ask(client, () => new GetSecretValueCommand({ SecretId: 's' }))
