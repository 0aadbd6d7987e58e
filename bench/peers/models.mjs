// What the schema's types show, as properties over the upstream's JSON: computed when asked, and by no resolver of
// their own, because a JIT reads properties much faster than it calls resolvers. graphql-jit reads a property that
// holds an object up to five times, so these are made once.
import * as upstream from './upstream.mjs'

const DAY = 86_400_000
const LISTED_POINTS = process.env.LISTED_POINTS === '1'
const TYPES = { virtual_good: 'VIRTUAL_GOOD', virtual_currency: 'VIRTUAL_CURRENCY', bundle: 'BUNDLE', unit: 'UNIT' }

const encode = (text) => Buffer.from(text).toString('base64url')
const percent = (part, whole) => (whole ? Math.floor((100 * part) / whole) : 100)
const byPosition = (a, b) => a.position - b.position

class Item {
  constructor(raw) { this.raw = raw }
  get sku() { return this.raw.sku }
  get name() { return this.raw.name }
  get description() { return this.raw.description }
  get typeRaw() { return this.raw.type }
  get type() { return TYPES[this.raw.type] ?? 'OTHER' }
  get imageUrl() { return this.raw.image_url }
  get quantity() { return this.raw.quantity }
  get isFree() { return this.raw.is_free ?? false }
  get content() { return (this._content ??= (this.raw.content ?? []).map((one) => new Item(one))) }
}

class PointReward {
  constructor(raw) { this.raw = raw }
  get name() { return this.raw.name }
  get amount() { return this.raw.amount }
}

class PointBalance {
  constructor(raw) { this.raw = raw }
  get sku() { return this.raw.sku }
  get name() { return this.raw.name }
  get imageUrl() { return this.raw.image_url }
  get amount() { return this.raw.amount }
}

class Money {
  constructor(raw) { this.raw = raw }
  get amount() { return String(this.raw.amount) }
  get currency() { return this.raw.currency }
}

class Schedule {
  constructor(raw, now) {
    this.now = now
    this.startsAt = Date.parse(raw.date_start)
    this.endsAt = raw.date_end ? Date.parse(raw.date_end) : null
    const reset = raw.recurrent_schedule ? raw.recurrent_schedule.reset_next_date * 1000 : null
    this.resetsAt = reset > now ? reset : null
  }
  get isUpcoming() { return this.now < this.startsAt }
  get isEnded() { return this.endsAt !== null && this.now >= this.endsAt }
  get isRunning() { return !this.isUpcoming && !this.isEnded }
  get isEndingSoon() { return this.isRunning && this.endsAt !== null && this.endsAt - this.now <= DAY }
}

class OfferStep {
  constructor(chain, raw) { this.chain = chain; this.raw = raw }
  get id() { return encode(`os:${this.chain.raw.id}:${this.raw.step_number}`) }
  get number() { return this.raw.step_number }
  get isFree() { return this.raw.is_free }
  get state() {
    if (this.raw.is_claimed) return 'CLAIMED'
    return this.raw.step_number === this.chain.raw.next_step_number ? 'AVAILABLE' : 'LOCKED'
  }
  get price() { return this.raw.step_price && (this._price ??= new Money(this.raw.step_price)) }
  get items() { return (this._items ??= this.raw.items.map((one) => new Item(one))) }
  get valuePoints() {
    return (this._valuePoints ??= (this.raw.step_vp_rewards ?? []).map((one) => new PointReward(one)))
  }
}

export class OfferChain {
  constructor(viewer, raw) {
    this.viewer = viewer
    this.raw = raw
    this.steps = raw.steps.map((one) => new OfferStep(this, one))
  }
  get id() { return encode(`oc:${this.raw.id}`) }
  get name() { return this.raw.name }
  get description() { return this.raw.description }
  get position() { return this.raw.order }
  get schedule() { return (this._schedule ??= new Schedule(this.raw, this.viewer.now)) }
  get nextStep() { return (this._nextStep ??= this.steps.find((one) => one.state === 'AVAILABLE') ?? null) }
  get isCompleted() { return this.raw.next_step_number === null }
  get claimedCount() { return this.steps.filter((one) => one.raw.is_claimed).length }
  get progressPercent() { return percent(this.claimedCount, this.steps.length) }
  get nextAction() {
    const { isEnded, isUpcoming, resetsAt } = this.schedule
    if (isEnded) return 'NONE'
    if (this.isCompleted) return resetsAt ? 'WAIT' : 'NONE'
    if (isUpcoming) return 'WAIT'
    if (!this.viewer.isSignedIn) return 'SIGN_IN'
    if (!this.nextStep) return 'WAIT'
    return this.nextStep.isFree ? 'CLAIM' : 'BUY'
  }
}

class RewardStep {
  constructor(chain, raw, number, points) {
    this.chain = chain
    this.raw = raw
    this.number = number
    this.points = points
  }
  get id() { return encode(`rs:${this.chain.raw.reward_chain_id}:${this.raw.step_id}`) }
  get name() { return this.raw.name }
  get imageUrl() { return this.raw.image_url }
  get pointsRequired() { return this.raw.price.amount }
  get pointsMissing() { return this.raw.is_claimed ? 0 : Math.max(0, this.raw.price.amount - this.points) }
  get state() {
    if (this.raw.is_claimed) return 'CLAIMED'
    return this.points >= this.raw.price.amount ? 'AVAILABLE' : 'LOCKED'
  }
  get rewards() { return (this._rewards ??= this.raw.reward.map((one) => new Item(one))) }
}

// What follows from the points held, once they are known.
class RewardProgress {
  constructor(chain, points) {
    this.steps = chain.raw.steps.map((one, place) => new RewardStep(chain, one, place + 1, points))
  }
  get claimable() { return (this._claimable ??= this.steps.filter((one) => one.state === 'AVAILABLE')) }
  get claimedCount() { return (this._claimedCount ??= this.steps.filter((one) => one.raw.is_claimed).length) }
  get nextStep() { return this.claimable[0] ?? this.steps.find((one) => one.state === 'LOCKED') ?? null }
  get isCompleted() { return this.claimedCount === this.steps.length }
}

export class RewardChain {
  constructor(viewer, raw) { this.viewer = viewer; this.raw = raw }
  get id() { return encode(`rc:${this.raw.reward_chain_id}`) }
  get name() { return this.raw.name }
  get description() { return this.raw.description }
  get longDescription() { return this.raw.long_description }
  get imageUrl() { return this.raw.image_url }
  get position() { return this.raw.order }
  get clanTypeRaw() { return this.raw.clan_type }
  get isClan() { return this.raw.clan_type !== null }
  get schedule() { return (this._schedule ??= new Schedule(this.raw, this.viewer.now)) }
  balance() { return (this._balance ??= this.readBalance()) }
  async readBalance() {
    if (LISTED_POINTS) return new PointBalance(this.raw.value_point)
    return new PointBalance(await upstream.balance(this.viewer.authorization, this.raw.reward_chain_id))
  }
  progress() { return (this._progress ??= this.balance().then((held) => new RewardProgress(this, held.amount))) }
  async nextAction() {
    const { isCompleted, claimable } = await this.progress()
    const { isEnded, isUpcoming, resetsAt } = this.schedule
    if (isEnded) return 'NONE'
    if (isCompleted) return resetsAt ? 'WAIT' : 'NONE'
    if (isUpcoming) return 'WAIT'
    if (!this.viewer.isSignedIn) return 'SIGN_IN'
    return claimable.length ? 'CLAIM' : 'EARN_POINTS'
  }
}

class DailyStep {
  constructor(chain, raw) { this.chain = chain; this.raw = raw }
  get id() { return encode(`ds:${this.chain.raw.id}:${this.raw.step_number}`) }
  get number() { return this.raw.step_number }
  get isMissed() { return this.raw.status === 'blocked' }
  get state() {
    if (this.raw.status === 'claimed') return 'CLAIMED'
    const { viewer, schedule } = this.chain
    return this.raw.status === 'claimable' && viewer.isSignedIn && schedule.isRunning ? 'AVAILABLE' : 'LOCKED'
  }
  get items() { return (this._items ??= this.raw.items.map((one) => new Item(one))) }
}

class DailyChain {
  constructor(viewer, raw) {
    this.viewer = viewer
    this.raw = raw
    this.steps = raw.steps.map((one) => new DailyStep(this, one))
  }
  get id() { return encode(`dc:${this.raw.id}`) }
  get name() { return this.raw.name }
  get description() { return this.raw.description }
  get position() { return this.raw.order }
  get schedule() { return (this._schedule ??= new Schedule(this.raw, this.viewer.now)) }
  get left() { return (this._left ??= this.steps.filter((one) => one.state !== 'CLAIMED' && !one.isMissed)) }
  get claimable() { return (this._claimable ??= this.left.filter((one) => one.state === 'AVAILABLE')) }
  get nextStep() { return this.claimable[0] ?? this.left[0] ?? null }
  get isCompleted() { return !this.left.length }
  get claimableCount() { return this.claimable.length }
  get claimedCount() { return this.steps.filter((one) => one.state === 'CLAIMED').length }
  get progressPercent() { return percent(this.claimedCount, this.steps.length) }
  get nextAction() {
    const { isEnded, isUpcoming } = this.schedule
    if (isEnded || this.isCompleted) return 'NONE'
    if (isUpcoming) return 'WAIT'
    if (!this.viewer.isSignedIn) return 'SIGN_IN'
    return this.claimableCount ? 'CLAIM' : 'WAIT'
  }
}

class Badge {
  constructor(viewer, offers, rewards, dailies) {
    const isFree = ({ chain }) => chain.nextStep !== null && chain.nextStep.isFree
    const offersRunning = offers.map((chain) => ({ chain, isCompleted: chain.isCompleted })).filter(running)
    const rewardsRunning = rewards.filter(running)
    const dailiesRunning = dailies.map((chain) => ({ chain, isCompleted: chain.isCompleted })).filter(running)
    const open = [...offersRunning, ...rewardsRunning, ...dailiesRunning].filter((one) => !one.isCompleted)
    this.claimableOfferSteps = viewer.isSignedIn ? offersRunning.filter(isFree).length : 0
    this.claimableRewardSteps = viewer.isSignedIn ? rewardsRunning.reduce((sum, one) => sum + one.claimable.length, 0) : 0
    this.claimableDailySteps = dailiesRunning.reduce((sum, { chain }) => sum + chain.claimableCount, 0)
    this.endingSoonCount = open.filter(({ chain }) => chain.schedule.isEndingSoon).length
  }
  get claimableCount() { return this.claimableOfferSteps + this.claimableRewardSteps + this.claimableDailySteps }
}

const running = ({ chain }) => chain.schedule.isRunning

export class Viewer {
  constructor(authorization) {
    this.authorization = authorization
    this.now = Date.now()
  }
  get isSignedIn() { return Boolean(this.authorization) }
  offerChains() { return (this._offers ??= this.readOfferChains()) }
  rewardChains() { return (this._rewards ??= this.readRewardChains()) }
  dailyChains() { return (this._dailies ??= this.readDailyChains()) }
  async readOfferChains() {
    const page = await upstream.offerChains(this.authorization)
    return page.items.map((one) => new OfferChain(this, one)).sort(byPosition)
  }
  async readRewardChains() {
    const page = await upstream.rewardChains(this.authorization)
    return page.items.map((one) => new RewardChain(this, one)).sort(byPosition)
  }
  async readDailyChains() {
    const page = await upstream.dailyChains(this.authorization)
    return page.items.map((one) => new DailyChain(this, one)).sort(byPosition)
  }
  async badge() {
    const [offers, rewards, dailies] = await Promise.all([this.offerChains(), this.rewardChains(), this.dailyChains()])
    const progress = await Promise.all(rewards.map(async (chain) => {
      const { isCompleted, claimable } = await chain.progress()
      return { chain, isCompleted, claimable }
    }))
    return new Badge(this, offers, progress, dailies)
  }
}
