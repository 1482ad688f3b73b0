// Handler: handler
import { container } from './container';
export const handler = async (event: { id: string }) => container.orders().find(event.id);
