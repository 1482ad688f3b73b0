'use strict'
// ajv writes JavaScript that requires its own files by name when standalone.
const Ajv2020 = require('ajv/dist/2020')
const addFormats = require('ajv-formats')
const standaloneCode = require('ajv/dist/standalone').default

const ajv = addFormats(new Ajv2020({ allErrors: true, strictTuples: false, code: { source: true } }))
const validate = ajv.compile({
  $id: 'https://example.com/person.json',
  type: 'object',
  properties: { email: { type: 'string', format: 'email' }, born: { type: 'string', format: 'date' }, tags: { type: 'array', prefixItems: [{ const: 'first' }], minItems: 1, uniqueItems: true } },
  required: ['email'],
  unevaluatedProperties: false
})

exports.handler = async ({ good, bad }) => ({
  good: validate(good),
  bad: validate(bad) || validate.errors.map(({ instancePath, keyword }) => `${instancePath}: ${keyword}`).sort(),
  standalone: standaloneCode(ajv, validate).includes('unevaluatedProperties')
})
