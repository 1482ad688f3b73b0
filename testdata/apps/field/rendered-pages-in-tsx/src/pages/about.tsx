import { h } from '../h.js'
export default () => <p>about</p>
