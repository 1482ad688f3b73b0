export const pets: string[] = ['Rex']
