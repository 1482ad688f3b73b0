for (var i = 5 in {});
module.exports = [i]
