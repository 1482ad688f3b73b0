import { State as S } from './xrm'
export const handler = async () => ({ state: S.Open })
