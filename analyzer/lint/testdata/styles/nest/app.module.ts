import { Module } from '@nestjs/common'
import { DataSource } from 'typeorm'

export const source = new DataSource({ type: 'postgres' })

@Module({ providers: [{ provide: 'SOURCE', useFactory: async () => source.initialize() }] })
export class AppModule {}
