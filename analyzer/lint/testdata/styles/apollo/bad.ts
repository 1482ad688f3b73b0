// Handler: graphqlHandler
import { ApolloServer } from '@apollo/server';
import { startServerAndCreateLambdaHandler, handlers } from '@as-integrations/aws-lambda';
import mongoose from 'mongoose';
import axios from 'axios';
import https from 'https';

const resolvers = {
  Query: {
    rates: async () => {
      const agent = new https.Agent({ keepAlive: false }); // advice: keep-alive-off client-in-handler
      const { data } = await axios.get('https://rates.example.com', { httpsAgent: agent });
      return data;
    },
    users: async () => {
      const connection = mongoose.createConnection(process.env.MONGO!); // advice: client-in-handler
      return connection.model('User').find();
    },
  },
};
const server = new ApolloServer({ typeDefs: 'type Query { rates: String users: [String] }', resolvers });
export const graphqlHandler = startServerAndCreateLambdaHandler(server, handlers.createAPIGatewayProxyEventV2RequestHandler());
