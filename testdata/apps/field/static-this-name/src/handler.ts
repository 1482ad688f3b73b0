class Base { static register () { return this.name } }
class Sample extends Base {}
export const handler = async () => ({ registered: Sample.register() })
