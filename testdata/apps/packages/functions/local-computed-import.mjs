export const handler = async ({ actions, order }) => {
  const answers = []
  for (const action of actions) {
    const { default: act } = await import(`./handlers/${action}.js`)
    answers.push(act(order).status)
  }
  return answers
}
