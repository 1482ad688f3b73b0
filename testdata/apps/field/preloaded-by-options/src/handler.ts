export const handler = async () => ({ order: (globalThis as any).order })
