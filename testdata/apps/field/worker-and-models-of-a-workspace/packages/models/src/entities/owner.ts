export default (all: Record<string, unknown>) => { all.Owner = {} }
