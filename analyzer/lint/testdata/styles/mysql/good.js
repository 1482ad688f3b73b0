// Handler: handler
const mysql = require('mysql');
const util = require('util');
let connection;
function getConnection() {
  if (connection && connection.state !== 'disconnected') return connection;
  connection = mysql.createConnection({ host: process.env.HOST, user: 'app' });
  connection.connect();
  return connection;
}
exports.handler = async (event) => {
  const query = util.promisify(getConnection().query).bind(getConnection());
  try {
    return await query('select * from orders where id = ?', [event.id]);
  } catch (e) {
    connection && connection.destroy();
    connection = null;
    throw e;
  }
};
