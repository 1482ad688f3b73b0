import { ref, Ops, Flags } from 'reactive'
export const handler = async () => ({ ops: [ref(Ops.Add).value, Flags.Raw] })
