// @ts-ignore
import { Arg, Mutation, schema } from 'graphs'
class Input { static label = 'Input'; title = '' }
class Resolver {
  @Mutation()
  async add (@Arg() input: Input, @Arg() lang: string): Promise<Input> { return { ...input, title: lang } }
}
export const handler = async () => { void Resolver; return schema() }
