'use strict'
const mongoose = require('mongoose')

const address = new mongoose.Schema({ city: { type: String, required: true } }, { _id: false })
const schema = new mongoose.Schema({
  name: { type: String, trim: true, uppercase: true },
  age: { type: Number, min: [18, 'too young: {VALUE}'] },
  born: Date,
  addresses: [address]
})
schema.virtual('greeting').get(function () { return `hello ${this.name}` })
const Person = mongoose.model('Person', schema)

exports.handler = async ({ good, bad }) => {
  const person = new Person(good)
  await person.validate()
  const { errors } = await new Person(bad).validate().catch((e) => e)
  return {
    person: person.toObject({ virtuals: ['greeting'], versionKey: false, transform: (_, { id, ...rest }) => rest }),
    errors: Object.fromEntries(Object.entries(errors).map(([path, e]) => [path, `${e.kind}: ${e.message}`]))
  }
}
