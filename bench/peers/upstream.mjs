// Calls of the upstream, by undici's pool: the fastest client that Node has.
import { readFileSync } from 'node:fs'
import { Pool } from 'undici'

const { UPSTREAM, UPSTREAM_CA, UPSTREAM_PATH } = process.env
const connect = UPSTREAM_CA ? { ca: readFileSync(UPSTREAM_CA) } : undefined
const pool = new Pool(UPSTREAM, { connections: 512, pipelining: 1, connect })

async function get(path, authorization) {
  const { statusCode, body } = await pool.request({ path: UPSTREAM_PATH + path, method: 'GET', headers: { authorization } })
  if (statusCode !== 200) {
    await body.dump()
    throw new Error(`the upstream answered ${statusCode}`)
  }
  return body.json()
}

export const offerChains = (authorization) => get('/user/offer_chain', authorization)
export const rewardChains = (authorization) => get('/user/reward_chain', authorization)
export const dailyChains = (authorization) => get('/user/daily_chain', authorization)
export const balance = (authorization, chainId) => get(`/user/reward_chain/${chainId}/balance`, authorization)
