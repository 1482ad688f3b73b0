// puppeteer-core against a browser in memory that speaks the DevTools protocol.
import puppeteer, { KnownDevices } from 'puppeteer-core'

const browserAnswers = {
  'Browser.getVersion': { product: 'Chrome/140.0', userAgent: 'Headless', protocolVersion: '1.3', revision: '1', jsVersion: '14' },
  'Target.getBrowserContexts': { browserContextIds: ['one', 'two'] }
}

export const handler = async ({ device }) => {
  const sent = []
  const transport = {
    send (text) {
      const { id, method } = JSON.parse(text)
      sent.push(method)
      queueMicrotask(() => transport.onmessage?.(JSON.stringify({ id, result: browserAnswers[method] ?? {} })))
    },
    close () { transport.onclose?.() }
  }
  const browser = await puppeteer.connect({ transport })
  const answer = { version: await browser.version(), contexts: browser.browserContexts().length }
  await browser.disconnect()
  return { ...answer, sent: [...new Set(sent)].sort(), headless: puppeteer.defaultArgs({ headless: true }).includes('--headless=new'), viewport: KnownDevices[device].viewport }
}
