process.env.FONTS = '/tmp/fonts'
process.env.LIST ??= '/opt/b'
if (!process.env.LIST.startsWith('/opt/a')) process.env.LIST = ['/opt/a', process.env.LIST].join(':')
process.env.LIST_OF_OTHERS = 'x'
delete process.env.LIST_OF_OTHERS
