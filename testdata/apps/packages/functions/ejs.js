'use strict'
const ejs = require('ejs')

exports.handler = async (event) => ejs.renderFile(__dirname + '/views/ejs/page.ejs', event)
