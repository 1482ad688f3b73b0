// Handler: handler
const mysql = require('mysql');
const connection = mysql.createConnection({ host: process.env.HOST, user: 'app' }); // advice: timer-at-load
connection.connect();
exports.handler = (event, context, callback) => {
  connection.query('select * from orders where id = ?', [event.id], (error, rows) => {
    if (error) return callback(error);
    callback(null, rows);
  });
};
