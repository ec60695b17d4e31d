import { composeTrack, type WorldPiece } from './compose-track.js'
import { planWorld, type WorldOptions } from './plan.js'

/** Length of a piece where nothing else is asked for. */
export const WORLD_SECONDS = 30

/** All pieces of a world, one after another: facts and notes, no sound. Some 3 ms each; nothing of the past is kept. */
export function* worldPieces(options: WorldOptions & { seconds?: number }): Generator<WorldPiece> {
  const { seconds = WORLD_SECONDS } = options
  const plan = planWorld(options)
  for (let index = 0; index < plan.pieces; index++) yield composeTrack(plan.track(index), { seconds })
}
