class TestClass { say () { return 'hello' } }
const rebuild = (cls: Function) => new Function('return ' + cls.toString())()
export const handler = async () => { const C = rebuild(TestClass); return { name: C.name, says: new C().say() } }
