'use strict'
// playwright-core's client and server talk in process; the list of its browsers is a JSON file.
const { chromium, devices, errors, request } = require('playwright-core')

exports.handler = async ({ device, cookie }) => {
  const context = await request.newContext({ storageState: { cookies: [cookie], origins: [] } })
  const { cookies } = await context.storageState()
  await context.dispose()
  const failure = await chromium.launch({ executablePath: '/nowhere/chromium' }).catch((e) => /Failed to launch .*/.exec(e.message)[0])
  const { viewport, isMobile } = devices[device]
  return { cookies, failure, viewport, isMobile, timeout: new errors.TimeoutError('late') instanceof Error }
}
