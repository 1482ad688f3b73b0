'use strict'
const Joi = require('joi')

const schema = Joi.object({
  name: Joi.string().alphanum().min(3).required(),
  email: Joi.string().email({ tlds: { allow: true } }),
  age: Joi.number().integer().when('name', { is: 'child', then: Joi.number().max(17) }),
  until: Joi.date().iso().greater('now').messages({ 'date.greater': '{{#label}} is over' })
}).with('email', 'age')

exports.handler = async ({ good, bad }) => ({ good: await schema.validateAsync(good), bad: schema.validate(bad, { abortEarly: false }).error.details.map((d) => d.message) })
