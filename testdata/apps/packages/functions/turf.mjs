import * as turf from '@turf/turf'

export const handler = async ({ ring, from, to }) => {
  const polygon = turf.polygon([ring])
  const buffered = turf.buffer(turf.point(from), 10, { units: 'kilometers', steps: 8 })
  const around = turf.union(turf.featureCollection([polygon, buffered]))
  return { area: Math.round(turf.area(polygon) / 1e6), distance: Math.round(turf.distance(from, to)), inside: turf.booleanPointInPolygon(to, polygon), joined: around.geometry.type, bearing: Math.round(turf.bearing(from, to)) }
}
