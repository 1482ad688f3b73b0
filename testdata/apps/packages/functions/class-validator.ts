// Decorators register what holds for a class, under the class itself.
import 'reflect-metadata'
import { Type, plainToInstance } from 'class-transformer'
import { ArrayNotEmpty, IsEmail, IsPhoneNumber, Max, ValidateNested, validate } from 'class-validator'

class Line {
  @Max(10) n!: number
}

class Order {
  @IsEmail() email!: string
  @IsPhoneNumber('FR', { message: '$value is no number of $target' }) phone!: string
  @ArrayNotEmpty() @ValidateNested({ each: true }) @Type(() => Line) lines!: Line[]
}

export const handler = async ({ good, bad }: { good: object, bad: object }) => {
  const order = plainToInstance(Order, good)
  const errors = await validate(plainToInstance(Order, bad))
  return {
    good: (await validate(order)).length, nested: order.lines[0] instanceof Line,
    bad: errors.map((e) => `${e.property}: ${Object.values(e.constraints ?? {}).join()}${e.children?.flatMap((c) => c.children?.flatMap((d) => Object.values(d.constraints ?? {})) ?? []).join() ?? ''}`)
  }
}
