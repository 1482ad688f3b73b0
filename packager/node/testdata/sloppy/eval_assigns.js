function f() { return eval('byEval = 3') }
module.exports = [f(), byEval, eval('010'), eval('delete byEval'), (0, eval)('var byIndirect = 4; 011'), byIndirect]
