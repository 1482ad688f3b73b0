import * as admin from './admin'
admin.initialize()
export { default as webhook } from './webhook'
export * from './others'
