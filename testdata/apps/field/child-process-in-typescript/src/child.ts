import { square } from './lib/square'
process.send!({ square: square(Number(process.argv[2])) })
