'use strict'
// sequelize requires its dialect's driver by name, and class names are table names.
const { Sequelize, DataTypes, Model, Op } = require('sequelize')

const sequelize = new Sequelize('postgres://app@localhost/app', { logging: false })
class Customer extends Model {}
Customer.init({ email: { type: DataTypes.STRING, validate: { isEmail: true } }, score: DataTypes.INTEGER }, { sequelize, timestamps: false })

exports.handler = async ({ email, wrong, score }) => {
  const good = await Customer.build({ email, score }).validate()
  const error = await Customer.build({ email: wrong }).validate().catch((e) => e)
  return {
    table: Customer.getTableName(),
    valid: good.email,
    error: `${error.name}: ${error.errors[0].message}`,
    sql: sequelize.getQueryInterface().queryGenerator.selectQuery(Customer.getTableName(),
      { where: { score: { [Op.between]: [1, score] }, email: { [Op.iLike]: '%@example.com' } }, limit: 3 }, Customer)
  }
}
