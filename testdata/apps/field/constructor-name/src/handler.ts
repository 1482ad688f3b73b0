class A { readonly kind = this.constructor.name }
class NotFound extends Error { constructor () { super(); this.name = new.target.name } }
export const handler = async () => ({ names: [new A().kind, new NotFound().name, new NotFound().constructor.name] })
