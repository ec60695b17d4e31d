import { ListeningMatrix } from './matrix.js'

export interface LeaveOutOptions {
  /** Of each user's items. @default 0.2 */
  readonly share?: number
  /** Users with fewer items keep them all. @default 5 */
  readonly atLeast?: number
  readonly seed: number
}

export interface LeftOut {
  /** Without what was left out; users and items have the same numbers. */
  readonly train: ListeningMatrix
  /** Items that were left out: of user u `start[u]` to `start[u + 1]`, ascending. */
  readonly start: Uint32Array
  readonly item: Uint32Array
}

/**
 * Leaves some of each user's items out, to see whether the others tell of them. Which ones follows from the seed and the
 * names, not from the order of the rows.
 */
export function leaveOut(
  { users, items, byUser }: ListeningMatrix,
  { share = 0.2, atLeast = 5, seed }: LeaveOutOptions,
): LeftOut {
  if (!(share >= 0 && share < 1)) throw new RangeError(`share ${share} (expected 0 to below 1)`)
  const { start, index, value } = byUser
  const out = new Uint8Array(index.length)
  for (let user = 0; user < users.size; user++) {
    const count = start[user + 1] - start[user]
    if (count < atLeast || share === 0) continue
    const key = mix(users.hash(user) ^ mix(seed))
    const order = Array.from({ length: count }, (_, i) => start[user] + i)
    const keys = order.map((at) => mix(key ^ Math.imul(items.hash(index[at]), 0x9e3779b1)))
    order.sort((a, b) => keys[a - start[user]] - keys[b - start[user]] || a - b)
    for (const at of order.slice(0, Math.max(1, Math.round(share * count)))) out[at] = 1
  }

  const left = out.reduce((sum, flag) => sum + flag, 0)
  const starts = { kept: new Uint32Array(users.size + 1), out: new Uint32Array(users.size + 1) }
  const kept = { index: new Uint32Array(index.length - left), value: new Uint32Array(index.length - left) }
  const item = new Uint32Array(left)
  let [keptTo, outTo] = [0, 0]
  for (let user = 0; user < users.size; user++) {
    for (let i = start[user]; i < start[user + 1]; i++)
      if (out[i] === 1) item[outTo++] = index[i]
      else {
        kept.index[keptTo] = index[i]
        kept.value[keptTo++] = value[i]
      }
    starts.kept[user + 1] = keptTo
    starts.out[user + 1] = outTo
  }
  return {
    train: new ListeningMatrix(users, items, { start: starts.kept, ...kept }),
    start: starts.out,
    item,
  }
}

/** murmur3's last step: every bit of the number counts for every bit of the result. */
function mix(number: number): number {
  let hash = number >>> 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
