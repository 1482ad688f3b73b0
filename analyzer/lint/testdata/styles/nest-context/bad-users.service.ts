import { Injectable } from '@nestjs/common';
import { MongoClient } from 'mongodb';
@Injectable()
export class UsersService {
  async find(id: string) {
    const client = new MongoClient(process.env.MONGO!); // advice: client-in-handler
    return client.db().collection('users').findOne({ id });
  }
}
