import 'reflect-metadata'
import path from 'path'
import { DataSource } from 'typeorm'
import { Pet } from './entities/pet.entity'
const source = new DataSource({ type: 'sqljs', synchronize: true, entities: [path.join(__dirname, '**', '*.entity{.ts,.js}')] })
export const handler = async (event: { name: string }) => {
  if (!source.isInitialized) await source.initialize()
  const pets = source.getRepository(Pet)
  await pets.save(pets.create({ name: event.name, legs: 4 }))
  return { entities: source.entityMetadatas.map(m => m.name).sort(), pets: await pets.find() }
}
