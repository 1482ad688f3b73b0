import 'reflect-metadata'
import { start } from 'tsed-like'
import { Server } from './server'
export const handler = async () => ({ found: start(Server) })
