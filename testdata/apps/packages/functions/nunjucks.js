'use strict'
const path = require('node:path')
const nunjucks = require('nunjucks')

const env = nunjucks.configure(path.join(__dirname, './views/nunjucks'), { autoescape: true })

exports.handler = (event, context, callback) => env.render('page.njk', event, callback)
