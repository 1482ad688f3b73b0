// Loads a hook with the rules of paths, and the name of the system, that Node has
// on Windows. The arguments are the hook and the files that it finds on the disk.
const Module = require('node:module')
const fs = require('node:fs')
const { win32 } = require('node:path')
const [hook, ...files] = process.argv.slice(1)
const load = Module._load
Module._load = function (request, parent, ...rest) {
  if (parent && parent.filename === hook) {
    if (request === 'node:path') return win32
    if (request === 'node:fs') return { ...fs, existsSync: (name) => files.includes(name), realpathSync: (name) => name }
  }
  return load.call(this, request, parent, ...rest)
}
Object.defineProperty(process, 'platform', { value: 'win32' })
Object.defineProperty(process, 'cwd', { value: () => 'C:\\Users\\Änne\\my shop' })
const attempt = (act) => { try { console.log(act()) } catch (error) { console.log(error.message) } }
