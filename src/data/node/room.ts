import type { ReverbProcessor } from 'spessasynth_core'
import { roomSeconds } from '../midi.js'

/** Delays of the network in seconds: lengths without common factors, so that echoes don't line up. */
const LINES = [0.0297, 0.0371, 0.0411, 0.0437, 0.0533, 0.0617, 0.0719, 0.0793]
const DIFFUSERS = [0.0048, 0.0036, 0.0127] // seconds
const DIFFUSION = 0.65
const PRE_DELAY = 0.012 // seconds
const HIGH_DAMPING = 0.3 // one-pole coefficient in each line: air and walls take the treble first
const GAIN = 0.4
const SCALE = 1 / Math.sqrt(8)

/**
 * A reverberant room: a feedback delay network of eight lines mixed by a Hadamard matrix (Jot and Chaigne 1991).
 * It takes the place of the synthesizer's own reverb, which costs as much as all voices together.
 */
export class Room implements ReverbProcessor {
  level = 64
  preLowpass = 0
  character = 4
  delayFeedback = 0
  preDelayTime = 0
  readonly #lines: Float64Array[]
  readonly #diffusers: Float64Array[]
  readonly #preDelay: Float64Array
  readonly #damped = new Float64Array(8)
  readonly #gains = new Float64Array(8)
  readonly #at = new Int32Array(8)
  readonly #diffuserAt = new Int32Array(DIFFUSERS.length)
  #preDelayAt = 0
  #time = 64
  #gain = GAIN
  readonly #sampleRate: number

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate
    const buffer = (seconds: number): Float64Array => new Float64Array(Math.round(seconds * sampleRate))
    this.#lines = LINES.map(buffer)
    this.#diffusers = DIFFUSERS.map(buffer)
    this.#preDelay = buffer(PRE_DELAY)
    this.time = 64
  }

  get time(): number {
    return this.#time
  }

  set time(value: number) {
    this.#time = value
    const seconds = roomSeconds(value)
    this.#lines.forEach((line, i) => {
      this.#gains[i] = 10 ** ((-3 * line.length) / this.#sampleRate / seconds)
    })
    // A longer decay sums up to more: about as loud in every room.
    this.#gain = GAIN / Math.sqrt(0.5 + seconds / 2)
  }

  getSnapshot(): ReturnType<ReverbProcessor['getSnapshot']> {
    const { level, preLowpass, character, time, delayFeedback, preDelayTime } = this
    return { level, preLowpass, character, time, delayFeedback, preDelayTime }
  }

  process(input: Float32Array, left: Float32Array, right: Float32Array, start: number, count: number): void {
    const [l0, l1, l2, l3, l4, l5, l6, l7] = this.#lines as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ]
    const lines = this.#lines
    const at = this.#at
    const damped = this.#damped
    const gains = this.#gains
    const gain = this.#gain
    const out = new Float64Array(8)
    for (let i = 0; i < count; i++) {
      let x = this.#preDelay[this.#preDelayAt]
      this.#preDelay[this.#preDelayAt] = input[i]
      this.#preDelayAt = (this.#preDelayAt + 1) % this.#preDelay.length
      for (let d = 0; d < DIFFUSERS.length; d++) {
        const buffer = this.#diffusers[d]
        const position = this.#diffuserAt[d]
        const delayed = buffer[position]
        const fed = x - DIFFUSION * delayed
        buffer[position] = fed
        x = delayed + DIFFUSION * fed
        this.#diffuserAt[d] = position + 1 === buffer.length ? 0 : position + 1
      }
      for (let n = 0; n < 8; n++) {
        const y = lines[n][at[n]]
        const low = y + HIGH_DAMPING * (damped[n] - y)
        damped[n] = low
        out[n] = low * gains[n]
      }
      const [a, b, c, d] = [out[0], out[1], out[2], out[3]]
      const [e, f, g, h] = [out[4], out[5], out[6], out[7]]
      left[start + i] = left[start + i] + gain * (a - c + e - g)
      right[start + i] = right[start + i] + gain * (b - d + f - h)
      // Fast Hadamard transform: every line feeds every other with equal energy.
      const [a1, b1, c1, d1] = [a + e, b + f, c + g, d + h]
      const [e1, f1, g1, h1] = [a - e, b - f, c - g, d - h]
      const [a2, b2, c2, d2] = [a1 + c1, b1 + d1, a1 - c1, b1 - d1]
      const [e2, f2, g2, h2] = [e1 + g1, f1 + h1, e1 - g1, f1 - h1]
      l0[at[0]] = (a2 + b2) * SCALE + x
      l1[at[1]] = (a2 - b2) * SCALE + x
      l2[at[2]] = (c2 + d2) * SCALE - x
      l3[at[3]] = (c2 - d2) * SCALE - x
      l4[at[4]] = (e2 + f2) * SCALE + x
      l5[at[5]] = (e2 - f2) * SCALE - x
      l6[at[6]] = (g2 + h2) * SCALE - x
      l7[at[7]] = (g2 - h2) * SCALE + x
      for (let n = 0; n < 8; n++) {
        const next = at[n] + 1
        at[n] = next === lines[n].length ? 0 : next
      }
    }
  }
}
