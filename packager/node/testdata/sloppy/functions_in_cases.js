function f(n) {
  var seen = typeof inCase
  switch (n) {
    case 0: function inCase() { return 4 } break
    case 1: seen += inCase()
  }
  return [seen, typeof inCase]
}
module.exports = [f(0), f(1), f(2)]
