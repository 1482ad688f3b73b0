// @ts-ignore
import { Column, types } from 'model'
import { Level, Owner, type State } from './types'
class Item {
  @Column() id!: string
  @Column() age!: number
  @Column() tags!: string[]
  @Column() born!: Date
  @Column() state!: State
  @Column() level!: Level
  @Column() owner!: Owner
  @Column() any!: string | number
}
export const handler = async () => { void Item; return types() }
