// Handler: handler
import mongoose, { Schema } from 'mongoose';

const Order = mongoose.model('Order', new Schema({ total: Number }));
let connection: Promise<typeof mongoose> | null = null;
const connect = () => (connection ??= mongoose.connect(process.env.MONGO_URL!, { serverSelectionTimeoutMS: 5000 }));

export const handler = async (event: any, context: any) => {
  context.callbackWaitsForEmptyEventLoop = false;
  await connect();
  const order = new Order({ total: event.total });
  await order.save();
  return order.id;
};
