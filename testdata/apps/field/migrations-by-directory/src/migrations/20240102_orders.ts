import { table } from '../tables'
export async function up (): Promise<string> { return table('orders') }
export async function down (): Promise<void> {}
