// Handler: handler
const mongoose = require('mongoose');

mongoose.connect(process.env.MONGO_URL); // advice: timer-at-load
const Order = mongoose.model('Order', { total: Number });

exports.handler = function (event, context, callback) {
  Order.findById(event.id)
    .then((order) => callback(null, { statusCode: 200, body: JSON.stringify(order) }))
    .catch(callback);
};
