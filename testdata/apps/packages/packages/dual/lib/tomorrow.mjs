export const build = 'a build for a condition that nothing sets'
