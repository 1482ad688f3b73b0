// nest looks for half a dozen packages that are not installed, and injects by class.
import 'reflect-metadata'
import { Controller, Get, Inject, Injectable, Module, Param, ParseIntPipe } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import serverless from 'serverless-http'

@Injectable()
class Books {
  find (id: number) { return { id, title: `Book ${id}`, by: this.constructor.name } }
}

@Controller('books')
class BooksController {
  constructor (@Inject(Books) private readonly books: Books) {}

  @Get(':id')
  find (@Param('id', ParseIntPipe) id: number) { return this.books.find(id) }
}

@Module({ controllers: [BooksController], providers: [Books] })
class AppModule {}

const ready = NestFactory.create(AppModule, { logger: false }).then(async (app) => {
  await app.init()
  return serverless(app.getHttpAdapter().getInstance())
})

export const handler = async ({ paths }: { paths: string[] }) => {
  const handle = await ready
  const answers = []
  for (const path of paths) {
    const { statusCode, body } = await handle({ httpMethod: 'GET', path, headers: {} }, {}) as { statusCode: number, body: string }
    answers.push({ statusCode, body: JSON.parse(body) })
  }
  return answers
}
