// Handler: handler
import { Container } from 'typedi';
import { Service } from 'typedi';
import { Redis } from 'ioredis';
@Service()
class Sessions {
  async get(id: string) {
    const redis = new Redis(process.env.R!); // advice: client-in-handler
    return redis.get(id);
  }
}
export const handler = async (event: { id: string }) => {
  const sessions = Container.get(Sessions);
  const value = await sessions.get(event.id);
  if (!value) process.exit(2); // advice: exit-in-handler
  return value;
};
