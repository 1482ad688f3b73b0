declare const enum NodeTypes { ELEMENT = 1, TEXT }
export const handler = async () => ({ element: NodeTypes.ELEMENT })
