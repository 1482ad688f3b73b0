import { h } from '../h.js'
export default ({ name }: { name: string }) => <p>it's {name}</p>
