export const steps: string[] = []
export default { run () { steps.push('setup') } }
