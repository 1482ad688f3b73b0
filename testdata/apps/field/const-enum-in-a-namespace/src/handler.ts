import { Api } from './api'
declare namespace B { export const enum Bar { C, D } }
export const handler = async () => ({ codes: [B.Bar.C, B.Bar['D'], Api.Kind.X] })
