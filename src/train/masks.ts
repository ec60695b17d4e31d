import type { DropoutMask } from '../model/index.js'
import { Random } from '../random/index.js'

/** The masks of one step (or of one chunk of it), the same for the same seed: `dropout.N` to ones and zeros. */
export function drawMasks(masks: readonly DropoutMask[], seed: string): Record<string, Uint8Array> {
  return Object.fromEntries(
    masks.map(({ input, keep }) => {
      const { source, shape } = input
      const name = source.kind === 'input' ? source.name : ''
      const random = new Random(`${seed}/${name}`)
      const mask = new Uint8Array((shape as number[]).reduce((a, b) => a * b, 1))
      for (let i = 0; i < mask.length; i++) mask[i] = random.next() < keep ? 1 : 0
      return [name, mask]
    }),
  )
}
