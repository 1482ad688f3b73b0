// Handler: handler
import { withClient } from './db';
import { Sequelize, DataTypes } from 'sequelize';
let sequelize: Sequelize | null = null;
async function loadSequelize() {
  const s = new Sequelize(process.env.DB!, { pool: { max: 2, min: 0, idle: 0, acquire: 3000, evict: 900 } });
  await s.authenticate();
  return s;
}
export const handler = async (event: { id: number }, _context: unknown) => {
  if (!sequelize) {
    sequelize = await loadSequelize();
  } else {
    sequelize.connectionManager.initPools();
    if (Object.prototype.hasOwnProperty.call(sequelize.connectionManager, 'getConnection')) delete (sequelize.connectionManager as any).getConnection;
  }
  try {
    const User = sequelize.define('user', { name: DataTypes.STRING });
    return [await User.findByPk(event.id), await withClient((c) => c.query('select 1'))];
  } finally {
    await sequelize.connectionManager.close();
  }
};
