'use strict'
const h3 = require('h3-js')

exports.handler = async ({ latitude, longitude }) => {
  const cell = h3.latLngToCell(latitude, longitude, 7)
  return { cell, disk: h3.gridDisk(cell, 1).sort(), parent: h3.cellToParent(cell, 3), area: Math.round(h3.cellArea(cell, h3.UNITS.m2)), compact: h3.compactCells(h3.cellToChildren(cell, 9)) }
}
