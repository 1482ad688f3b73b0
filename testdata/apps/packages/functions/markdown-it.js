'use strict'
// markdown-it brings tables of entities, links and punctuation of its own.
const MarkdownIt = require('markdown-it')

exports.handler = async ({ text }) => new MarkdownIt({ linkify: true, typographer: true, html: false }).render(text)
