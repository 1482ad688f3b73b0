// Handler: handler
import { Sequelize, DataTypes } from 'sequelize';
async function loadSequelize() {
  const s = new Sequelize(process.env.DB!, { pool: { max: 2 } }); // advice: client-in-handler
  await s.authenticate();
  return s;
}
export const handler = async (event: { id: number }) => {
  const sequelize = await loadSequelize();
  const User = sequelize.define('user', { name: DataTypes.STRING });
  return User.findByPk(event.id);
};
