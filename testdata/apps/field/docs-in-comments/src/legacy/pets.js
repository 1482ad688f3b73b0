/** @swagger /pets: lists the pets */
exports.list = () => []
