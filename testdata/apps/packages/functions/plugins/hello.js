'use strict'
module.exports = async (app) => { app.get('/hello/:name', async ({ params }) => ({ hello: params.name })) }
