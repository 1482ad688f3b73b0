export const build = 'a build for runtimes that require ES modules'
