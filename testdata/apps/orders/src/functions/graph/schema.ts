import { catalogue, findProduct, type Product } from '@domain/catalogue'
import type DataLoader from 'dataloader'
import {
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql'
import type { Review } from './reviews'

export interface Context {
  reviews: DataLoader<string, Review[]>
}

const reviewType: GraphQLObjectType<Review, Context> = new GraphQLObjectType({
  name: 'Review',
  fields: () => ({
    stars: { type: new GraphQLNonNull(GraphQLInt) },
    text: { type: GraphQLString },
    product: { type: productType, resolve: (review) => findProduct(review.sku) },
  }),
})

const productType: GraphQLObjectType<Product, Context> = new GraphQLObjectType({
  name: 'Product',
  fields: () => ({
    sku: { type: new GraphQLNonNull(GraphQLString) },
    title: { type: new GraphQLNonNull(GraphQLString) },
    cents: { type: new GraphQLNonNull(GraphQLInt) },
    reviews: {
      type: new GraphQLNonNull(new GraphQLList(reviewType)),
      resolve: (product, _, { reviews }) => reviews.load(product.sku),
    },
  }),
})

export const schema = new GraphQLSchema({
  query: new GraphQLObjectType<unknown, Context>({
    name: 'Query',
    fields: {
      products: {
        type: new GraphQLNonNull(new GraphQLList(productType)),
        args: { upTo: { type: GraphQLInt, description: 'the highest price, in cents' } },
        resolve: (_, { upTo = Infinity }) => catalogue.filter((product) => product.cents <= upTo),
      },
    },
  }),
})
