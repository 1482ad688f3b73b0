export const lines: string[] = []
