// What a team adds for production: an id for each request, counts and times, and a line in the log (LOGGED=1).
import { randomUUID } from 'node:crypto'
import pino from 'pino'

const BOUNDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, Infinity]
const log = pino({ base: null }, pino.destination({ sync: false, minLength: 4096 }))
const counts = new Map()

export const isLogged = process.env.LOGGED === '1'
export const requestId = (given) => (given && /^[A-Za-z0-9._-]{1,128}$/.test(given) ? given : randomUUID())

export function ended(id, method, path, status, milliseconds) {
  let counted = counts.get(status)
  if (!counted) counts.set(status, (counted = { buckets: new Array(BOUNDS.length).fill(0), sum: 0 }))
  counted.buckets[BOUNDS.findIndex((bound) => milliseconds / 1000 <= bound)] += 1
  counted.sum += milliseconds
  log.info({ request_id: id, method, path, status, milliseconds: Math.round(milliseconds * 10) / 10 }, 'request')
}
