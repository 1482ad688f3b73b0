'use strict'
// react-dom has two builds, chosen by NODE_ENV as it is required.
const { createElement: h, useId, useState } = require('react')
const { renderToPipeableStream, renderToString } = require('react-dom/server')
const { text } = require('node:stream/consumers')
const { PassThrough } = require('node:stream')

const List = ({ items }) => {
  const [count] = useState(items.length)
  return h('ul', { id: useId(), 'data-count': count }, items.map((item) => h('li', { key: item, style: { fontSize: 12 } }, item)))
}

exports.handler = async ({ items }) => {
  const stream = new PassThrough()
  const { pipe } = renderToPipeableStream(h(List, { items }), { onAllReady: () => pipe(stream) })
  return { html: renderToString(h(List, { items })), streamed: await text(stream) }
}
