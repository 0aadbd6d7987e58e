// Schema and resolvers that the Node servers share; only what waits for the upstream has a resolver.
import { readFileSync } from 'node:fs'
import { Viewer } from './models.mjs'

export const typeDefs = readFileSync(new URL('schema.graphql', import.meta.url), 'utf8')
export const resolvers = {
  Query: { viewer: (_, __, context) => new Viewer(context.authorization) },
  Viewer: {
    offerChains: (viewer) => viewer.offerChains(),
    rewardChains: (viewer) => viewer.rewardChains(),
    dailyChains: (viewer) => viewer.dailyChains(),
    badge: (viewer) => viewer.badge(),
  },
  RewardChain: {
    balance: (chain) => chain.balance(),
    nextAction: (chain) => chain.nextAction(),
    steps: async (chain) => (await chain.progress()).steps,
    nextStep: async (chain) => (await chain.progress()).nextStep,
    isCompleted: async (chain) => (await chain.progress()).isCompleted,
    claimableCount: async (chain) => (await chain.progress()).claimable.length,
    claimedCount: async (chain) => (await chain.progress()).claimedCount,
    progressPercent: async (chain) => {
      const { claimedCount, steps } = await chain.progress()
      return steps.length ? Math.floor((100 * claimedCount) / steps.length) : 100
    },
  },
}
