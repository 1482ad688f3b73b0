// typeorm loads its driver (here sql.js, with its wasm) by name, has over twenty
// optional ones, and names tables and relations after classes and decorators.
import 'reflect-metadata'
import { Column, DataSource, Entity, ManyToOne, OneToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm'

@Entity()
class Author {
  @PrimaryGeneratedColumn() id!: number
  @Column({ type: 'text' }) name!: string
  @OneToMany('Book', 'author') books!: Relation<Book>[]
}

@Entity()
class Book {
  @PrimaryGeneratedColumn() id!: number
  @Column({ type: 'text' }) title!: string
  @ManyToOne('Author', 'books', { nullable: false }) author!: Relation<Author>
}

export const handler = async ({ author, titles }: { author: string, titles: string[] }) => {
  const source = new DataSource({ type: 'sqljs', entities: [Author, Book], synchronize: true })
  await source.initialize()
  const saved = await source.getRepository(Author).save({ name: author })
  await source.getRepository(Book).save(titles.map((title) => ({ title, author: saved })))
  const found = await source.getRepository(Author).findOneOrFail({ where: { name: author }, relations: { books: true }, order: { books: { title: 'ASC' } } })
  const tables = source.entityMetadatas.map((m) => m.tableName).sort()
  await source.destroy()
  return { tables, name: found.name, books: found.books.map((b) => b.title) }
}
