import ts from 'typescript'

export const handler = async () => ts.transpileModule('const n: number = 1', { compilerOptions: { target: ts.ScriptTarget.ES2022 } }).outputText
