'use strict'
// jsdom reads its default style sheet and starts a worker for synchronous requests.
const { JSDOM, VirtualConsole } = require('jsdom')

exports.handler = async ({ html }) => {
  const dom = new JSDOM(html, { runScripts: 'outside-only', url: 'https://example.com/a/', virtualConsole: new VirtualConsole() })
  const { window } = dom
  const { document } = window
  document.querySelector('ul').insertAdjacentHTML('beforeend', '<li class="new">three')
  const clicked = []
  document.querySelector('a').addEventListener('click', (event) => { event.preventDefault(); clicked.push(event.target.href) })
  document.querySelector('a').click()
  const answer = { items: [...document.querySelectorAll('li')].map((li) => li.textContent), clicked, display: window.getComputedStyle(document.querySelector('li')).display, sum: window.eval('[1, 2].reduce((a, b) => a + b)'), html: document.querySelector('ul').outerHTML }
  window.close()
  return answer
}
