export const table = (name: string): string => 'create ' + name
