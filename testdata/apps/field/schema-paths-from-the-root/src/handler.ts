import { GraphModule } from 'graph-like'
const graph = GraphModule.forRoot({ typePaths: ['./**/*.graphql'], path: '/graphql' })
export const handler = async () => ({ types: graph.types })
