import * as yup from 'yup'

const schema = yup.object({
  name: yup.string().trim().required(),
  site: yup.string().url(),
  age: yup.number().when('name', ([name], s) => name === 'child' ? s.max(17, 'a child, at ${value}?') : s),
  tags: yup.array().of(yup.string().lowercase()).default(['none'])
})

export const handler = async ({ good, bad }) => ({ good: await schema.validate(good), bad: await schema.validate(bad, { abortEarly: false }).catch((e) => e.errors.sort()) })
