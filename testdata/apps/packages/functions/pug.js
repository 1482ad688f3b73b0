'use strict'
const path = require('node:path')
const pug = require('pug')

const page = pug.compileFile(path.resolve(__dirname, 'views/pug/page.pug'), { pretty: false })

exports.handler = async (event) => page(event)
