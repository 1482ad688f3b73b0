process.stdout.write('greet-cli')
export {}
