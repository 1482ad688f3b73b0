var before = typeof inBlock
{ function inBlock() { return 1 } }
if (true) function inIf() { return 2 }
if (false) { function never() {} }
labelled: function inLabel() { return 3 }
switch (1) { case 0: function inCase() { return 4 } }
for (var i = 0; i < 1; i++) { function inLoop() { return 5 } }
try { function inTry() { return 6 } } catch (e) {}
function f(a) { { function a() {} } return typeof a }
function g() { { function twice() { return 1 } function twice() { return 2 } } return twice() }
function h() { let shadowed = 1; { function shadowed() {} } return typeof shadowed }
function k() { { changed = 2; function changed() {} } return typeof changed }
function l() { return typeof late; { function late() {} } }
module.exports = [before, inBlock(), inIf(), typeof never, inLabel(), inCase && typeof inCase, inLoop(), inTry(), f(1), g(), h(), k(), l()]
