var x = 1 <!-- x = 2
--> x = 3
module.exports = [x]
