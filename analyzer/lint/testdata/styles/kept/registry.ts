// Handler: handler
import { Pool } from 'pg';
export class Container {
  private static map = new Map<string, unknown>();
  static get<T>(name: string, make: () => T): T {
    if (!Container.map.has(name)) Container.map.set(name, make());
    return Container.map.get(name) as T;
  }
}
export const handler = async () => Container.get('pool', () => new Pool()).query('select 1');
