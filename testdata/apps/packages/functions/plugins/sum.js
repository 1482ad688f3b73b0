'use strict'
module.exports = async (app) => {
  app.post('/sum', { schema: { body: { type: 'array', items: { type: 'number' } }, response: { 200: { type: 'object', properties: { sum: { type: 'number' } } } } } },
    async ({ body }) => ({ sum: body.reduce((a, b) => a + b), hidden: true }))
}
