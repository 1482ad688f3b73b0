export const h = (tag: any, props: any, ...children: any[]): string => typeof tag === 'function' ? tag(props) : `<${tag}>${children.join('')}</${tag}>`
